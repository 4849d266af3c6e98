"""The columns of a pair: each cast by the target's type, and what does not fit decided before anything is written."""

from __future__ import annotations

from pgraduate.model.catalog import Column
from pgraduate.model.census import Census, ColumnCensus
from pgraduate.model.decision import Option
from pgraduate.model.finding import Severity
from pgraduate.model.plan import ColumnPlan
from pgraduate.model.representation import EQUIVALENCES, Rule
from pgraduate.model.wording import counted
from pgraduate.postgres.standing import StandingColumn
from pgraduate.schema.docket import Docket
from pgraduate.schema.existing.casts import Cast, cast
from pgraduate.schema.existing.matching import Pair
from pgraduate.schema.existing.questions import Facts

_LEAVE_TABLE = Option("leave_table", "the table's rows stay in SQLite", leaves_behind=True)
_TEXTS = (Rule.TEXT, Rule.ANY_TEXT, Rule.ANY_VALUE)


class Unloadable(Exception):
    """The table's rows stay behind, for the reason that the message gives."""


def plan_columns(
    pair: Pair, census: Census, facts: Facts, keys: frozenset[str], schema: str, docket: Docket
) -> tuple[ColumnPlan, ...]:
    """Plan how each column of the source is loaded; `keys` are the target's columns that keys compare.

    Raises Unloadable where the target has no place for the table's rows.
    """
    counts = census.table(pair.source.name)
    where = f"{schema}.{pair.target.name}"
    for column in pair.missing:
        _ask_missing(where, column, counts.column(column.name), docket)
    if counts.rows:
        _require_values(pair, where, docket)
    return tuple(
        plan
        for column, target in pair.columns
        if (plan := _column(pair, column, target, counts.column(column.name), facts, keys, where, docket))
        is not None
    )


def _ask_missing(where: str, column: Column, counts: ColumnCensus, docket: Docket) -> None:
    name = f"{where}.{column.name}"
    if counts.values == 0:
        docket.find("COLUMN_MISSING", Severity.INFO, name, "the target has no such column; the source has no value")
        return
    docket.ask(
        f"missing_column:{name}",
        f"The target's table has no column for {column.name}. Leave its values behind?",
        f"{counted(counts.values, 'value')} in the source",
        (Option("leave_out", "the values stay in SQLite", leaves_behind=True),),
    )


def _require_values(pair: Pair, where: str, docket: Docket) -> None:
    """Ask about columns of the target that want a value which the source does not have."""
    for extra in pair.extra:
        name = f"{where}.{extra.name}"
        if extra.filled or not extra.not_null:
            what = "its default" if extra.filled else "NULL"
            docket.find("COLUMN_EXTRA", Severity.INFO, name, f"the source has no such column: it gets {what}")
            continue
        docket.ask(
            f"extra_column:{name}",
            f"The target's column {extra.name} allows no NULL, has no default, and the source has no such column.",
            "give it a default in the target, and the question is gone",
            (_LEAVE_TABLE,),
        )
        raise Unloadable(f"the target's column {extra.name} wants a value that the source does not have")


def _column(
    pair: Pair,
    column: Column,
    target: StandingColumn,
    counts: ColumnCensus,
    facts: Facts,
    keys: frozenset[str],
    where: str,
    docket: Docket,
) -> ColumnPlan | None:
    name = f"{where}.{target.name}"
    chosen = cast(column, target, counts, facts.fits.get((pair.source.name, column.name), {}))
    fixed = target.not_null or target.name in keys
    if chosen.form is None:
        _ask_no_cast(name, target, counts, chosen, fixed, docket)
        return None
    if target.not_null and counts.nulls and not target.generated:
        docket.ask(
            f"not_null:{name}",
            f"The target's column {target.name} allows no NULL, and the source holds some. What now?",
            f"{counted(counts.nulls, 'row')} with a NULL; repair the source, or allow NULL in the target",
            (_LEAVE_TABLE,),
        )
        raise Unloadable(f"the target's column {target.name} allows no NULL")
    if chosen.misfits:
        _ask_misfits(name, target, counts, chosen, fixed, docket)
    rule = chosen.form.representation.rule
    unfit = counts.nul_texts + counts.bad_texts if rule in _TEXTS else 0
    if unfit:
        _ask_unfit(name, counts, fixed, docket)
    if equivalence := EQUIVALENCES.get(rule):
        docket.find("EQUIVALENCE", Severity.INFO, name, f"{target.type}: {equivalence}")
    return ColumnPlan(
        source=column.name,
        target=target.name,
        type=target.type,
        representation=chosen.form.representation,
        reason=chosen.reason,
        proof=counts.values - chosen.misfits,
        keeps_class=chosen.keeps_class,
        quarantines=unfit > 0 or chosen.misfits > 0,
        misfits=chosen.misfits > 0,
        collation=column.collation,
        not_null=target.not_null,
        generated=target.generated,
    )


def _ask_no_cast(
    name: str, target: StandingColumn, counts: ColumnCensus, chosen: Cast, fixed: bool, docket: Docket
) -> None:
    if counts.values == 0 and not (target.not_null and not target.filled):
        docket.find("COLUMN_NOT_CAST", Severity.NOTICE, name, f"{chosen.reason}; the source has no value")
        return
    if target.not_null and not target.filled:
        docket.ask(
            f"no_cast:{name}",
            f"The target's {target.type} does not take the values of {name}, and the column allows no NULL.",
            chosen.reason,
            (_LEAVE_TABLE,),
        )
        raise Unloadable(chosen.reason)
    docket.ask(
        f"no_cast:{name}",
        f"The target's {target.type} does not take the values of {name}. Leave the column's values behind?",
        chosen.reason,
        (Option("leave_out", "the values stay in SQLite", leaves_behind=True),),
    )


def _ask_misfits(
    name: str, target: StandingColumn, counts: ColumnCensus, chosen: Cast, fixed: bool, docket: Docket
) -> None:
    """Ask about cells that the target's type does not take."""
    evidence = (
        f"{chosen.misfits:,} of {counted(counts.values, 'value')} do not fit {target.type}{_extremes(counts)}"
    )
    question = f"Some values of {name} do not fit the target's {target.type}."
    if fixed:
        docket.ask(
            f"misfit:{name}",
            f"{question} The column is part of a key or allows no NULL: repair the source or widen the target.",
            evidence,
            (_LEAVE_TABLE,),
        )
        raise Unloadable(f"some values of {target.name} do not fit {target.type}")
    effect = "their values are kept in pgraduate.quarantine, and the rows arrive with NULL in this column"
    docket.ask(
        f"misfit:{name}",
        f"{question} Keep them apart?",
        evidence,
        (Option("quarantine", effect, leaves_behind=True),),
    )


def _extremes(counts: ColumnCensus) -> str:
    """Say how far the values go, without any of them but whole numbers' ends."""
    found = []
    if counts.texts:
        found.append(f"the longest text has {counted(counts.text_longest, 'character')}")
    if counts.integers:
        found.append(f"integers from {counts.integer_min:,} to {counts.integer_max:,}")
    return f" ({', '.join(found)})" if found else ""


def _ask_unfit(name: str, counts: ColumnCensus, in_key: bool, docket: Docket) -> None:
    effect = "their bytes are kept in pgraduate.quarantine and the row arrives with the nearest honest value"
    docket.ask(
        f"quarantine:{name}",
        f"PostgreSQL cannot hold some texts of {name}. Keep them apart?",
        f"{counted(counts.nul_texts, 'text')} with a NUL, {counted(counts.bad_texts, 'text')} with bytes that are no text",
        (Option("quarantine", effect, leaves_behind=True),),
        safe=None if in_key else "quarantine",
    )
