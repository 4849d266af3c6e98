"""The plan of a load into a schema that the application's own migrations made.

Nothing of the target's schema is changed for good: what the source has and the target lacks is a decision or stands
in the report, and the target's own tables, columns and constraints are respected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pgraduate.errors import Refused
from pgraduate.model.catalog import Catalog
from pgraduate.model.census import Census
from pgraduate.model.decision import Option
from pgraduate.model.finding import Severity
from pgraduate.model.plan import ColumnPlan, ObjectPlan, SchemaPlan, TablePlan
from pgraduate.model.selected import Selected
from pgraduate.model.wording import counted
from pgraduate.postgres.identifiers import qualified
from pgraduate.postgres.standing import StandingForeignKey, StandingSchema
from pgraduate.schema.docket import Docket
from pgraduate.schema.existing.columns import Unloadable, plan_columns
from pgraduate.schema.existing.matching import Match, Pair
from pgraduate.schema.existing.objects import (
    give_back_sequence,
    load_table,
    pause_check,
    pause_foreign_key,
    pause_trigger,
    restore_check,
    restore_foreign_key,
    resume_trigger,
    set_sequence,
    triggers_of,
)
from pgraduate.schema.existing.questions import Breach, Facts, foreign_key_name, key_name, recipes_of
from pgraduate.schema.existing.residents import Residents, settle
from pgraduate.schema.existing.rules import require_rules
from pgraduate.schema.existing.unmatched import report_unmatched
from pgraduate.schema.roles import role_plans
from pgraduate.schema.selection import left_behind, words_unused
from pgraduate.schema.view import unique_keys
from pgraduate.settings import Policy


@dataclass(frozen=True, slots=True)
class _Loaded:
    pair: Pair
    plan: TablePlan
    residents: Residents
    suspended: tuple[Breach, ...] = ()
    """Checks that the rows break, and that come back for new rows alone."""


def plan_existing(
    selected: Selected,
    census: Census,
    standing: StandingSchema,
    matched: Match,
    facts: Facts,
    *,
    answers: Mapping[str, str],
    roles: Mapping[str, str],
    digest: str,
) -> SchemaPlan:
    """Plan how the rows of one source come into a standing schema.

    `digest` is the sealed copy's; it makes the names of the tables that take rows put aside.  An open decision stays
    open in the result; nothing may be written then.  Raises Refused where rows that stay refer to rows that would be put
    aside.
    """
    catalog = selected.catalog
    docket = Docket(answers)
    left_behind(selected, census, docket)
    words_unused(selected, docket)
    for recipe in recipes_of(standing):
        docket.find("RECIPE", Severity.INFO, standing.schema, f"the tables are those of {recipe.name}")
    loaded = [item for pair in matched.pairs if (item := _table(pair, catalog, census, standing, facts, docket))]
    names = frozenset(item.plan.name for item in loaded)
    own = [key for key in standing.foreign_keys if key.schema == standing.schema and key.table in names]
    _require_free(loaded, standing, facts)
    for trigger in triggers_of(standing, names):
        docket.add(pause_trigger(standing.schema, trigger))
    for key in own:
        docket.add(pause_foreign_key(key))
    for item in loaded:
        for breach in item.suspended:
            docket.add(pause_check(item.plan, breach))
    for number, item in enumerate(loaded):
        docket.add(_rows(item, standing, facts, f"put_aside_{digest[:8]}_{number}"))
    for item in loaded:
        for set_next in _sequences(item, census, standing):
            docket.add(set_next)
    for item in loaded:
        for breach in item.suspended:
            docket.add(restore_check(item.plan, breach))
    for key in own:
        docket.add(restore_foreign_key(key, valid=_orphans_allow(key, facts, names, docket)))
    for trigger in triggers_of(standing, names):
        docket.add(resume_trigger(standing.schema, trigger))
    report_unmatched(catalog, census, standing, matched, docket)
    return SchemaPlan(
        catalog.name,
        standing.schema,
        Policy.EXISTING.value,
        tuple(item.plan for item in loaded),
        tuple(docket.objects),
        tuple(docket.decisions),
        tuple(docket.findings),
        False,
        role_plans(roles),
        selected.selection,
    )


def _table(
    pair: Pair, catalog: Catalog, census: Census, standing: StandingSchema, facts: Facts, docket: Docket
) -> _Loaded | None:
    """Plan one table, or say why its rows are not loaded."""
    residents = settle(pair, census, facts, recipes_of(standing), standing.schema, docket)
    where = qualified(standing.schema, pair.target.name)
    if residents == "keep":
        drift = facts.drift.get(pair.target.name)
        left = census.table(pair.source.name).rows > 0 and (
            drift is None or bool(drift.only_source or drift.only_target)
        )
        reason = "the target's rows stay" + ("" if left else "; the source's are the same, or there are none")
        docket.add(
            ObjectPlan(
                "table", pair.source.name, "not_carried" if left else "carried", reason, "before rows", target=where
            )
        )
        return None
    try:
        _require_unique(pair, standing, facts, docket)
        columns = plan_columns(pair, census, facts, _key_columns(standing, pair), standing.schema, docket)
        suspended = require_rules(pair, standing.schema, facts, docket)
    except Unloadable as reason:
        docket.add(
            ObjectPlan(
                "table", pair.source.name, "not_carried", str(reason), "before rows", source_sql=pair.source.sql
            )
        )
        return None
    return _Loaded(pair, _table_plan(pair, catalog, census, standing.schema, columns), residents, suspended)


def _table_plan(
    pair: Pair, catalog: Catalog, census: Census, schema: str, columns: tuple[ColumnPlan, ...]
) -> TablePlan:
    counts = census.table(pair.source.name)
    present = {column.source for column in columns}
    alias = pair.source.rowid_alias
    return TablePlan(
        pair.source.name,
        schema,
        pair.target.name,
        columns,
        _key(pair, catalog, census, columns),
        alias if alias in present else None,
        pair.source.without_rowid,
        counts.rows,
        counts.rowid_min,
        counts.rowid_max,
        pair.source.filter,
        pair.source.left_out,
        counts.longest_row,
    )


def _key(pair: Pair, catalog: Catalog, census: Census, columns: tuple[ColumnPlan, ...]) -> tuple[str, ...]:
    """Choose the columns that identify a row on both sides: unique in the source, whole in the target."""
    whole = {
        column.source: column
        for column in columns
        if not (column.quarantines or column.keeps_class or column.generated)
    }
    if pair.source.rowid_alias in whole:
        return (str(pair.source.rowid_alias),)
    counts = census.table(pair.source.name)
    for names in unique_keys(catalog, pair.source):
        if all(name in whole and counts.column(name).nulls == 0 for name in names):
            return names
    return ()


def _key_columns(standing: StandingSchema, pair: Pair) -> frozenset[str]:
    name = pair.target.name
    keys = {column for key in standing.keys if key.table == name for column in key.columns}
    for foreign in standing.foreign_keys:
        if foreign.table == name:
            keys.update(foreign.columns)
        if foreign.parent == name:
            keys.update(foreign.parent_columns)
    return frozenset(keys)


def _require_unique(pair: Pair, standing: StandingSchema, facts: Facts, docket: Docket) -> None:
    """Ask about values that stand more than once where the target allows each only once."""
    for key in standing.keys:
        name = key_name(key.table, key.columns)
        duplicates = facts.duplicates.get(name, 0) if key.table == pair.target.name else 0
        if duplicates:
            docket.ask(
                f"duplicates:{standing.schema}.{name}",
                f"The target keeps {name} unique, and the source does not. What now?",
                f"{counted(duplicates, 'value')} in more than one row; repair the source or drop the target's key",
                (Option("leave_table", "the table's rows stay in SQLite", leaves_behind=True),),
            )
            raise Unloadable(f"{name} is unique in the target")


def _require_free(loaded: list[_Loaded], standing: StandingSchema, facts: Facts) -> None:
    """Refuse where rows that would be put aside have children that stay: a CASCADE would take these along."""
    names = {item.plan.name for item in loaded}
    replaced = {item.plan.name for item in loaded if item.residents == "replace"}
    for key in standing.foreign_keys:
        inside = key.parent_schema == standing.schema and key.parent in replaced
        stays = not (key.schema == standing.schema and key.table in names)
        references = facts.references.get(foreign_key_name(key), 0)
        if inside and stays and references:
            raise Refused(
                f"{counted(references, 'row')} of {key.schema}.{key.table}, which stay, refer to rows of "
                f"{key.parent}, which would be put aside",
                where=f"{key.schema}.{key.table}",
                hint=f"empty that table first, or keep the rows of both: rows:{standing.schema}.{key.parent}",
            )


def _rows(item: _Loaded, standing: StandingSchema, facts: Facts, aside: str) -> ObjectPlan:
    writable = tuple(column.name for column in standing.columns_of(item.plan.name) if not column.generated)
    replaced = item.residents == "replace"
    return load_table(
        item.plan,
        item.pair.source.sql,
        qualified("pgraduate", aside) if replaced else None,
        facts.rows.get(item.plan.name, 0),
        writable,
    )


def _sequences(item: _Loaded, census: Census, standing: StandingSchema) -> Iterator[ObjectPlan]:
    counts = census.table(item.plan.source)
    targets = {column.name: column for column in standing.columns_of(item.plan.name)}
    for extra in item.pair.extra:
        if extra.sequence is not None:
            yield give_back_sequence(item.plan, extra.name, standing.sequence(extra.sequence))
    for column in item.plan.columns:
        sequence = targets[column.target].sequence
        if sequence is None:
            continue
        largest = counts.column(column.source).integer_max or 0
        if column.source == item.plan.rowid_alias:
            largest = max(largest, item.pair.source.sequence or 0)
        yield set_sequence(
            item.plan, column.source, column.target, standing.sequence(sequence), max(largest, 0) + 1
        )


def _orphans_allow(key: StandingForeignKey, facts: Facts, loaded: frozenset[str], docket: Docket) -> bool:
    """Ask about rows without a parent; tell whether the foreign key comes back valid."""
    name = foreign_key_name(key)
    orphans = facts.orphans.get(name, 0) if key.parent in loaded else 0
    if not orphans:
        return True
    options = (
        Option("not_valid", "it is put back NOT VALID: it checks new rows, and these stay", leaves_behind=True),
    )
    docket.ask(
        f"orphans:{name}",
        f"Rows of {key.table} have no parent in {key.parent}, which the target's {key.name} forbids.",
        f"{counted(orphans, 'row')} without a parent; or repair the source first",
        options,
    )
    return False
