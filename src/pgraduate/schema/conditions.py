"""CHECK constraints and defaults: what SQLite evaluates at a write."""

from __future__ import annotations

from pgraduate.errors import NotTranslated
from pgraduate.model.catalog import Check, Column, Table
from pgraduate.model.plan import ObjectPlan
from pgraduate.postgres.identifiers import quote
from pgraduate.schema.columns import names_column
from pgraduate.schema.indexes import not_carried
from pgraduate.schema.room import Room
from pgraduate.schema.translation import why


def checks(room: Room) -> None:
    for table in room.tables:
        for number, check in enumerate(table.checks, start=1):
            room.docket.add(_check(room, table, check, number))


def defaults(room: Room) -> None:
    """Plan the defaults; an identity and a generated column cannot have one, and SQLite never used it there."""
    for table in room.tables:
        for column in table.columns:
            asked = column.default_sql is not None and column.default_sql.strip().upper() != "NULL"
            if asked and column.name != table.rowid_alias and column.generated is None:
                room.docket.add(_default(room, table, column))


def conflict_rules(room: Room) -> None:
    """Name the constraints that ignore or replace rows: PostgreSQL's only fail."""
    for table in room.tables:
        for rule in table.conflict_rules:
            reason = (
                "the constraint is carried without the rule; a write that meets it fails, so write the rule into the "
                "statements: INSERT OR REPLACE, INSERT OR IGNORE, ON CONFLICT"
            )
            room.docket.add(not_carried("conflict rule", f"{table.name}: {rule}", reason, rule))


def _check(room: Room, table: Table, check: Check, number: int) -> ObjectPlan:
    label = f"{table.name}.{check.name or f'check {number}'}"
    try:
        condition = room.translator.expression(check.expression_sql, table.name, "check")
    except NotTranslated as error:
        return not_carried("check", label, why(error), check.expression_sql)
    stem = room.names.table(table.name)
    columns = [
        column.target
        for column in room.plan(table.name).columns
        if names_column(column.source, check.expression_sql)
    ]
    parts = (check.name,) if check.name else (stem, *columns[:1], "check")
    name = room.names.constraint(table.name, *parts)
    return ObjectPlan(
        "check",
        label,
        "translated",
        "NULL passes, as in SQLite",
        "after rows",
        (f"ALTER TABLE {room.qualified(table.name)} ADD CONSTRAINT {quote(name)} CHECK ({condition})",),
        (f"ALTER TABLE IF EXISTS {room.qualified(table.name)} DROP CONSTRAINT IF EXISTS {quote(name)} RESTRICT",),
        source_sql=check.expression_sql,
        target=room.within(table.name, name),
    )


def _default(room: Room, table: Table, column: Column) -> ObjectPlan:
    label = f"{table.name}.{column.name}"
    try:
        value = room.translator.default(column.default_sql or "NULL", table.name, column.name)
    except NotTranslated as error:
        return not_carried("default", label, why(error), column.default_sql)
    target = room.column(table.name, column.name).target
    alter = f"{room.qualified(table.name)} ALTER COLUMN {quote(target)}"
    same = value == column.default_sql
    return ObjectPlan(
        "default",
        label,
        "carried" if same else "translated",
        "as declared" if same else "written for the column's type",
        "after rows",
        (f"ALTER TABLE {alter} SET DEFAULT {value}",),
        (f"ALTER TABLE IF EXISTS {alter} DROP DEFAULT",),
        source_sql=column.default_sql,
        target=room.within(table.name, target),
    )
