"""From a statement's text and its values' classes to what runs on the server: made once, then found in the mirror's cache.

SQLite compiles the statement on the mirror first.  The invariant: what SQLite would refuse is refused in its words,
and what is not translated is refused by its construct; nothing reaches the server as it was written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pgraduate.dbapi.binding import CLASSES
from pgraduate.dbapi.cells import Convert, reads_as_number
from pgraduate.dbapi.mirror import Mirror
from pgraduate.dbapi.statements import Kind, begins_transaction
from pgraduate.dialect import translate_dml, translate_query
from pgraduate.dialect.binding import Bound
from pgraduate.dialect.identifiers import qualified, quote
from pgraduate.dialect.reading.lexer import Lexeme
from pgraduate.dialect.reading.parameters import Numbering
from pgraduate.dialect.reading.tokens import tokenize
from pgraduate.dialect.translation import OutputColumn, StatementKind, Translation

_Values = tuple[Any, ...]
_LOOKS_LIKE_A_NUMBER = "PARAMETER_CLASS_NOT_KEPT"
_WHOLE_REAL = "PARAMETER_WHOLE_REAL_NOT_KEPT"
_ROUNDED = "PARAMETER_MAY_BE_ROUNDED"
"""The translator's findings on bound values, which only who binds them can judge."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text for the server; `choose` picks its values, None where it takes them all in their order."""

    sql: bytes
    choose: Callable[[_Values], _Values] | None

    @staticmethod
    def of(bound: Bound, given: int) -> Text:
        whole = bound.numbers == tuple(range(1, given + 1))
        return Text(bound.sql.encode(), None if whole else bound.values)


@dataclass(slots=True)
class Prepared:
    """`before` runs in the same transaction ahead of `text`.

    `loses` names the kinds of values that would come back in another storage class: they are refused.

    `names` are the result's columns in SQLite's names, None for a statement without a result.  `convert` is settled
    by the first result, whose types it depends on, and so is `may_be_large`: how the next result is read.
    `gives_rowid` says that the result ends with the row's number, for lastrowid, and `follows` is what must be done
    where that number was given by hand.
    """

    text: Text
    before: tuple[Text, ...] = ()
    names: tuple[str, ...] | None = None
    columns: tuple[OutputColumn, ...] = ()
    writes: bool = False
    begins: bool = False
    counted: bool = True
    """Its rows count as changes; those of a view, which a trigger takes, do not."""
    gives_rowid: bool = False
    loses: frozenset[str] = frozenset()
    follows: bytes | None = None
    counters: tuple[str, ...] = ()
    """The numbers of the connection that the text reads: last_insert_rowid, changes, total_changes."""
    convert: Convert | None = None
    settled: bool = False
    may_be_large: bool = False
    source: str = ""
    declared: tuple[str, ...] | None = None
    description: tuple[tuple[str, None, None, None, None, None, None], ...] | None = field(default=None)

    def __post_init__(self) -> None:
        if self.names is not None:
            self.description = tuple((name, None, None, None, None, None, None) for name in self.names)


def require_kept(values: Iterable[Any], loses: frozenset[str]) -> None:
    """Refuse a value whose storage class the column that it is bound for would not give back."""
    for value in values:
        if _LOOKS_LIKE_A_NUMBER in loses and type(value) is str and reads_as_number(value):
            raise _not_kept("a text that looks like a number", "a number", "TEXT")
        if _WHOLE_REAL in loses and type(value) is float and value.is_integer():
            raise _not_kept("a REAL without a fraction", "an INTEGER", "REAL")
        if _ROUNDED in loses and type(value) is int and float(value) != value:
            raise _not_kept("an integer of more than 53 bits", "a rounded one", "INTEGER")


def _losses(found: Translation) -> frozenset[str]:
    """Give the kinds of bound values that would lose their class, and refuse what loses it without being bound."""
    codes = {finding.code for finding in found.findings}
    if "CLASS_NOT_KEPT" in codes:
        raise _not_kept("a text that may look like a number", "a number", "TEXT")
    if "WHOLE_REAL_NOT_KEPT" in codes:
        raise _not_kept("a REAL that may have no fraction", "an INTEGER", "REAL")
    return frozenset(codes & {_LOOKS_LIKE_A_NUMBER, _WHOLE_REAL, _ROUNDED})


def _not_kept(value: str, back: str, type: str) -> sqlite3.NotSupportedError:
    return sqlite3.NotSupportedError(
        f"{value}, where values of several storage classes meet, would come back as {back}: give the column the type "
        f"{type}, or all values one class with CAST"
    )


def labels_of(sql: str, mirror: Mirror) -> tuple[str, ...]:
    """Give the name of each parameter as it is written, `?N` where it has none."""
    found = mirror.labels.get(sql)
    if found is None:
        numbering = Numbering()
        for token in tokenize(sql):
            if token.lexeme is Lexeme.PARAMETER:
                numbering.number(token.text)
        found = mirror.labels[sql] = numbering.labels()
    return found


def prepare(sql: str, kind: Kind, values: Sequence[Any], mirror: Mirror) -> Prepared:
    """Translate a query or a write.

    Raises what sqlite3 raises for it, and NotTranslated for a construct without a known meaning in PostgreSQL.
    """
    mirror.check(sql, values)
    mirror.require_readable(sql, values)
    classes = tuple(CLASSES[type(value)] for value in values)
    if kind is Kind.QUERY:
        found = translate_query(sql, mirror, parameters=classes)
        prepared = _query(found, len(classes))
    else:
        found = translate_dml(sql, mirror, parameters=classes)
        prepared = _write(sql, found, mirror, len(classes))
    prepared.loses = _losses(found)
    prepared.counters = found.session
    written = mirror.table(found.writes[0]) if found.writes else None
    prepared.counted = written is None or not written.is_view
    prepared.may_be_large = prepared.may_be_large and not prepared.counters
    return prepared


def prepare_many(sql: str, values: Sequence[Any], mirror: Mirror) -> Prepared:
    """Translate a write of which only the count of rows is wanted."""
    mirror.check(sql, values)
    mirror.require_readable(sql, values)
    classes = tuple(CLASSES[type(value)] for value in values)
    found = translate_dml(sql, mirror, parameters=classes)
    if found.session:
        raise sqlite3.NotSupportedError(f"{found.session[0]}() in executemany(): execute the rows one by one")
    *before, text = (Text.of(bound, len(classes)) for bound in found.bound)
    return Prepared(text, tuple(before), writes=True, begins=begins_transaction(sql), loses=_losses(found))


def _query(found: Translation, given: int) -> Prepared:
    *before, text = (Text.of(bound, given) for bound in found.bound)
    names = tuple(column.name for column in found.columns)
    return Prepared(text, tuple(before), names, found.columns, may_be_large=not before)


def _write(sql: str, found: Translation, mirror: Mirror, given: int) -> Prepared:
    *before, last = found.bound
    earlier = tuple(Text.of(bound, given) for bound in before)
    begins = begins_transaction(sql)
    names = tuple(column.name for column in found.columns) if found.returning else None
    table = mirror.table(found.writes[0]) if found.kind is StatementKind.INSERT and found.writes else None
    number = table.rowid_alias if table is not None and not table.is_view else None
    column = table.column(number) if table is not None and number is not None else None
    if table is None or column is None:
        return Prepared(Text.of(last, given), earlier, names, found.columns, writes=True, begins=begins)
    numbered = f"{last.sql}{', ' if found.returning else ' RETURNING '}{quote(column.target)}"
    by_hand = any(finding.code == "NUMBER_GIVEN" for finding in found.findings)
    follows = _follows(qualified(table.schema, table.target), column.target) if by_hand else None
    return Prepared(
        Text.of(Bound(numbered, last.numbers), given),
        earlier,
        names,
        found.columns,
        writes=True,
        begins=begins,
        gives_rowid=True,
        follows=follows,
    )


def _follows(table: str, column: str) -> bytes:
    """Write the statement that moves a table's numbers up to one that was given by hand."""
    sequence = f"pg_catalog.pg_get_serial_sequence({_literal(table)}, {_literal(column)})"
    return (
        f"SELECT pg_catalog.setval({sequence}, $1) WHERE $1 > coalesce(pg_catalog.pg_sequence_last_value({sequence}"
        "::pg_catalog.regclass), 0)"
    ).encode()


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
