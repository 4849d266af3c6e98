"""The type that a column's name and values suggest, where every stored value proves it.

The declaration had its say before; here a name makes a type worth asking for, and a JSON document shows itself.  The
invariant is that of every choice: one value that does not convert there and back, and the column keeps its type.  What
reads a column's text or number within the database is not disturbed either: where an object or a default would no
longer mean the same, the column stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pgraduate.dialect.schema_view import ColumnView
from pgraduate.errors import NotTranslated
from pgraduate.model.catalog import Column
from pgraduate.model.census import ColumnCensus
from pgraduate.model.hints import Hint, hint_of
from pgraduate.model.representation import MEANINGS, MONEY, Representation, Rule
from pgraduate.model.wording import counted
from pgraduate.schema.choice import Choice, proven
from pgraduate.schema.declaration import Family, read
from pgraduate.schema.declared import Candidate, dates, epochs, timestamps
from pgraduate.schema.view import PlanView

_PLAIN = frozenset({Rule.TEXT, Rule.INTEGER, Rule.REAL, Rule.NUMBER})


def inferred(column: Column, census: ColumnCensus, chosen: Choice, *, read_elsewhere: bool) -> Choice:
    """Choose what name and values suggest and every value proves, otherwise what was chosen before.

    `read_elsewhere` says that a key, an index, a view, a trigger or the like may read the column: a type that does not
    give back the very text, or that no statement is translated for, is then out of the question.
    """
    if chosen.representation.rule not in _PLAIN or chosen.type.startswith("numeric(") or census.values == 0:
        return chosen
    for why, candidate in _candidates(column, census, read_elsewhere=read_elsewhere):
        if not proven(census, candidate.proof):
            continue
        choice = Choice(
            candidate.type,
            candidate.representation,
            f"{why}; {counted(census.values, 'value')} of {census.values:,} converted and back: "
            f"{MEANINGS[candidate.representation.rule]}",
            census.values,
            candidate.refuses,
        )
        if _default_stands(column, choice):
            return choice
        return replace(chosen, reason=f"{chosen.reason}; its default has no form in {candidate.type}")
    return chosen


def _candidates(column: Column, census: ColumnCensus, *, read_elsewhere: bool) -> Iterator[tuple[str, Candidate]]:
    hints = hint_of(column.name)
    named = f"the name {column.name} says"
    if Hint.FLAG in hints and census.integers == census.values:
        refuses = ("a number other than 0 and 1", "a text")
        yield f"{named} flag", Candidate("boolean", Representation(Rule.BOOLEAN), refuses)
    dated = read(column.declared).family in (Family.DATE, Family.TIMESTAMP)
    if Hint.TIME in hints:
        for candidate in (*dates(), *timestamps(), *epochs(census)):
            yield f"{named} time", candidate
    elif dated:
        for candidate in epochs(census):
            yield f"declared {column.declared}", candidate
    if (Hint.TIME in hints or dated) and not read_elsewhere:
        why = f"{named} time" if Hint.TIME in hints else f"declared {column.declared}"
        refuses = ("a text that is not a time", "a number that is no Julian day")
        yield why, Candidate("timestamp", Representation(Rule.JULIAN), refuses)
    if Hint.MONEY in hints and census.reals:
        for detail in MONEY:
            for rule in (Rule.DECIMAL, Rule.NUMBER):
                yield f"{named} money", _money(rule, detail)
    if not read_elsewhere:
        yield (
            "every value is a JSON object or array",
            Candidate(
                "jsonb",
                Representation(Rule.JSON_VALUE),
                ("a text that is not JSON", "a JSON text with U+0000 or half a surrogate pair in it"),
            ),
        )


def _money(rule: Rule, detail: str) -> Candidate:
    digits, scale = map(int, detail.split(","))
    refuses = (
        f"a number of more than {digits - scale} digits before the point",
        f"more than {scale} digits after the point (PostgreSQL would round them)",
        "a text",
        "a blob",
    )
    return Candidate(f"numeric({detail})", Representation(rule, detail), refuses)


def _default_stands(column: Column, choice: Choice) -> bool:
    """Tell whether the column's default has a form in the type."""
    if column.default_sql is None:
        return True
    from pgraduate.dialect import translate_default

    shown = ColumnView(
        column.name, column.name, choice.type, column.affinity, choice.representation, column.collation
    )
    try:
        translate_default(column.default_sql, shown, PlanView())
    except NotTranslated:
        return False
    return True
