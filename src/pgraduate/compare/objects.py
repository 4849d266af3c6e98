"""Object by object: does what was planned stand in the loaded catalog, whole and valid?

The plan says what to look for, the server says what there is; nothing is taken from the operation that made it.
An object that is missing, not valid or different turns into one that is not carried, with that reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import psycopg

from pgraduate.compare.restored import restored_columns
from pgraduate.compare.target import script
from pgraduate.model.plan import ObjectPlan, SchemaPlan, TablePlan
from pgraduate.model.result import ObjectResult
from pgraduate.postgres.catalog import (
    LoadedColumn,
    LoadedConstraint,
    LoadedIndex,
    LoadedTrigger,
    LoadedView,
    read_catalog,
    read_position,
)
from pgraduate.postgres.identifiers import qualified

MISSING = "missing from the loaded catalog"
NOT_VALID = "not valid"

PAUSE = "pause"
"""The kind of a planned object that is only taken off while rows are loaded, and leaves nothing to look for."""

_KINDS = {"primary key": "pu", "unique": "u", "check": "c", "foreign key": "f"}
_FULL_NAMES = {"varchar": "character varying", "timestamp": "timestamp without time zone"}


def compare_objects(connection: psycopg.Connection, plan: SchemaPlan) -> tuple[ObjectResult, ...]:
    """Look for each planned object in the target; what was planned as not carried stays so."""
    tables = {table.source: table for table in plan.tables}
    wrong = dict(_wrong(connection, plan.schema, plan.objects, tables, own=plan.policy != "existing"))
    refused = _refused(connection, plan.source)
    results = []
    for place, item in enumerate(plan.objects):
        if item.kind == PAUSE:
            continue
        reason = wrong.get(place)
        if reason == MISSING and (item.kind, item.name) in refused:
            reason = f"{MISSING}: {refused[item.kind, item.name]}"
        outcome = item.outcome if reason is None else "not_carried"
        results.append(
            ObjectResult(item.kind, item.name, outcome, reason or item.reason, item.target, item.source_sql)
        )
    return tuple(results)


def missing_objects(
    connection: psycopg.Connection, schema: str, objects: Sequence[ObjectPlan]
) -> tuple[tuple[ObjectPlan, str], ...]:
    """Name the objects that should stand and do not, each with the reason."""
    return tuple((objects[place], reason) for place, reason in _wrong(connection, schema, objects, {}, own=True))


@dataclass(frozen=True, slots=True)
class _Loaded:
    """The catalog, by the qualified names that plans use."""

    connection: psycopg.Connection
    own: bool
    exists: bool
    tables: Mapping[str, Mapping[str, LoadedColumn]]
    """Each table's columns by name."""
    columns: Mapping[str, LoadedColumn]
    constraints: Mapping[str, LoadedConstraint]
    indexes: Mapping[str, LoadedIndex]
    views: Mapping[str, LoadedView]
    triggers: Mapping[str, LoadedTrigger]

    @staticmethod
    def read(connection: psycopg.Connection, schema: str, own: bool) -> _Loaded:
        catalog = read_catalog(connection, schema)
        tables: dict[str, dict[str, LoadedColumn]] = {qualified(schema, table.name): {} for table in catalog.tables}
        for column in catalog.columns:
            tables[qualified(schema, column.table)][column.name] = column
        return _Loaded(
            connection,
            own,
            catalog.exists,
            tables,
            {qualified(schema, item.table, item.name): item for item in catalog.columns},
            {qualified(schema, item.table, item.name): item for item in catalog.constraints},
            {qualified(schema, item.name): item for item in catalog.indexes},
            {qualified(schema, item.name): item for item in catalog.views},
            {qualified(schema, item.table, item.name): item for item in catalog.triggers},
        )


def _wrong(
    connection: psycopg.Connection,
    schema: str,
    objects: Sequence[ObjectPlan],
    tables: Mapping[str, TablePlan],
    *,
    own: bool,
) -> Iterable[tuple[int, str]]:
    """Look for each object; a schema that is not pgraduate's `own` work may hold columns that nobody planned."""
    loaded = _Loaded.read(connection, schema, own)
    for place, item in enumerate(objects):
        if item.outcome == "not_carried" or item.kind == PAUSE:
            continue
        reason = _CHECKS[item.kind](loaded, item, tables)
        if reason is not None:
            yield place, reason


Tables = Mapping[str, TablePlan]
Look = Callable[[_Loaded, ObjectPlan, Tables], str | None]


def _schema(loaded: _Loaded, _item: ObjectPlan, _tables: Tables) -> str | None:
    return None if loaded.exists else MISSING


def _table(loaded: _Loaded, item: ObjectPlan, tables: Tables) -> str | None:
    columns = loaded.tables.get(item.target or "")
    if columns is None:
        return MISSING
    planned = tables.get(item.name)
    if planned is None:
        return None
    for column in planned.columns:
        found = columns.get(column.target)
        if found is None:
            return f"its column {column.target} is missing"
        type_name = full_name(column.type) if loaded.own else column.type
        if _unqualified(found.type) != _unqualified(type_name):
            return f"its column {column.target} is of type {found.type}, planned was {column.type}"
        if found.generated != column.generated:
            return f"its column {column.target} is {'' if found.generated else 'not '}generated"
        if column.not_null and not found.not_null:
            return f"its column {column.target} allows NULL"
    unexpected = columns.keys() - {column.target for column in planned.columns} if loaded.own else set()
    if unexpected:
        # A person made this column for cells out of quarantine, and named it.
        unexpected -= {into for _, into in restored_columns(loaded.connection, planned)}
    return f"it has the unplanned column {min(unexpected)}" if unexpected else None


def _virtual_table(loaded: _Loaded, item: ObjectPlan, tables: Tables) -> str | None:
    """Look for the table, or the view of another table, that stands for it."""
    return _table(loaded, item, tables) if item.phase == "before rows" else _view(loaded, item, tables)


def _constraint(loaded: _Loaded, item: ObjectPlan, tables: Tables) -> str | None:
    found = loaded.constraints.get(item.target or "")
    if found is None:
        return _index(loaded, item, tables) if item.kind in ("primary key", "unique") else MISSING
    if found.kind not in _KINDS[item.kind]:
        return f"a constraint of another kind stands there: {found.definition}"
    # Planned as not valid is what ends so, and is not validated afterwards.
    validate = not any(text.endswith(" NOT VALID") for text in item.statements) or any(
        "VALIDATE CONSTRAINT" in text for text in item.statements
    )
    return NOT_VALID if (validate and not found.validated) or not found.index_valid else None


def _index(loaded: _Loaded, item: ObjectPlan, _tables: Tables) -> str | None:
    found = loaded.indexes.get(item.target or "")
    if found is None:
        return MISSING
    return None if found.valid else NOT_VALID


def _view(loaded: _Loaded, item: ObjectPlan, _tables: Tables) -> str | None:
    return None if item.target in loaded.views else MISSING


def _trigger(loaded: _Loaded, item: ObjectPlan, tables: Tables) -> str | None:
    if not item.statements:
        # An index that keeps itself current stands for a trigger that did so.
        return _index(loaded, item, tables)
    found = loaded.triggers.get(item.target or "")
    if found is None:
        return MISSING
    return None if found.enabled else "disabled"


def _default(loaded: _Loaded, item: ObjectPlan, _tables: Tables) -> str | None:
    found = loaded.columns.get(item.target or "")
    return None if found is not None and found.expression is not None else MISSING


def _identity(loaded: _Loaded, item: ObjectPlan, _tables: Tables) -> str | None:
    found = loaded.columns.get(item.target or "")
    if found is None or found.sequence is None:
        return MISSING
    position = read_position(loaded.connection, found.sequence).next_value
    if item.next_value is None:
        return None if position is None else f"it goes on at {position:,}, although every number is used up"
    if position is not None and position < item.next_value:
        return f"it goes on at {position:,}, which must be at least {item.next_value:,}"
    return None


_CHECKS: Mapping[str, Look] = {
    "schema": _schema,
    "table": _table,
    "virtual table": _virtual_table,
    "identity": _identity,
    "primary key": _constraint,
    "unique": _constraint,
    "check": _constraint,
    "foreign key": _constraint,
    "default": _default,
    "index": _index,
    "view": _view,
    "trigger": _trigger,
}


def _unqualified(type_name: str) -> str:
    """Leave out the schema of a type, which the server writes only where the session would not find it."""
    return type_name.rpartition(".")[2]


def full_name(type_name: str) -> str:
    """Write a type of a plan as the server names it."""
    base, bracket, rest = type_name.partition("(")
    return _FULL_NAMES.get(base, base) + bracket + rest


def _refused(connection: psycopg.Connection, source: str) -> Mapping[tuple[str, str], str]:
    """Read what PostgreSQL said of objects that it refused, newest run last."""
    row = connection.execute("SELECT to_regclass('pgraduate.refused_object') IS NOT NULL").fetchone()
    if row is None or not row[0]:
        return {}
    found = connection.execute(script("refused_objects"), {"source": source})
    return {(kind, name): reason for kind, name, reason in found}
