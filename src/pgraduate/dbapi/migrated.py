"""The definitions of a migrated source: its plan in the target, as the mirror needs it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from pgraduate.dbapi.definitions import view_shape
from pgraduate.dbapi.mirror import Definition
from pgraduate.dialect.ddl.definition import read_table
from pgraduate.dialect.schema_view import ColumnView, SimpleSchema, TableView
from pgraduate.errors import NotTranslated
from pgraduate.model.plan import ColumnPlan, SchemaPlan, TablePlan
from pgraduate.model.storage import Affinity, affinity_of

_KINDS = ("table", "index", "view", "trigger")


def definitions_of_plan(
    plan: SchemaPlan, kept_apart: frozenset[tuple[str, str]] | None = None
) -> Iterator[Definition]:
    """Give the source's tables, indexes, views and triggers, tables first, each with what it became.

    `kept_apart` names the columns of which cells' classes are kept beside them, None where the plan's word must do.
    What the plan left behind is left out: it does not exist in PostgreSQL either.
    """
    texts = _texts(plan)
    lite = sqlite3.connect(":memory:")
    shapes: dict[str, TableView] = {}
    # Indexes first: a unique one is a key of its table.
    for kind in ("table", "index"):
        for text in [text for (of, _), text in texts.items() if of == kind]:
            lite.execute(text)
    for table in plan.tables:
        definition = texts.pop(("table", table.source), None)
        if definition is not None:
            shape = shapes[table.source.lower()] = _shape(table, definition, lite, kept_apart)
            yield Definition("table", table.source, table.source, definition, shape)
    for (kind, name), definition in texts.items():
        if kind not in ("table", "index"):
            lite.execute(definition)
        ((of,),) = lite.execute("SELECT tbl_name FROM sqlite_master WHERE type = ? AND name = ?", (kind, name))
        made = _view(definition, name, plan.schema, shapes) if kind == "view" else None
        yield Definition(kind, name, str(of), definition, made)
    lite.close()


def _view(definition: str, name: str, schema: str, shapes: dict[str, TableView]) -> TableView | None:
    """Give a migrated view's shape, None where its query is not understood: then no statement may read it."""
    try:
        made, _ = view_shape(definition, name, SimpleSchema(shapes), schema)
    except NotTranslated:
        return None
    shapes[name.lower()] = made
    return made


def _texts(plan: SchemaPlan) -> dict[tuple[str, str], str]:
    """Give the definitions as the source has them; a name that is per table stands behind its table's."""
    return {
        (item.kind, item.name): item.source_sql
        for item in plan.objects
        if item.kind in _KINDS and item.source_sql and item.outcome != "not_carried"
    }


def _shape(
    plan: TablePlan, definition: str, lite: sqlite3.Connection, kept_apart: frozenset[tuple[str, str]] | None
) -> TableView:
    declared = {
        name: str(type_)
        for name, type_ in lite.execute("SELECT name, type FROM pragma_table_xinfo(?)", (plan.source,))
    }
    try:
        found = read_table(definition)
        checks, autoincrement, strict = tuple(found.checks), found.autoincrement, found.strict
    except NotTranslated:
        checks, autoincrement, strict = (), False, False
    return TableView(
        plan.source,
        plan.schema,
        plan.name,
        tuple(
            _column(column, declared, kept_apart is None or (plan.name, column.target) in kept_apart, strict=strict)
            for column in plan.columns
        ),
        plan.rowid_alias,
        _unique_keys(plan.source, lite),
        checks=checks,
        left_out=plan.left_out,
        autoincrement=autoincrement,
    )


def _column(plan: ColumnPlan, declared: dict[str, str], may_be_apart: bool, *, strict: bool) -> ColumnView:
    type_ = declared.get(plan.source)
    return ColumnView(
        plan.source,
        plan.target,
        plan.type,
        affinity_of(type_, strict=strict) if type_ is not None else Affinity.INTEGER,
        plan.representation,
        plan.collation,
        plan.not_null,
        plan.keeps_class and may_be_apart,
        generated=plan.generated,
        implicit=type_ is None,
    )


def _unique_keys(table: str, lite: sqlite3.Connection) -> tuple[tuple[str, ...], ...]:
    """List the column sets that SQLite keeps unique over all rows, the primary key first."""
    primary = lite.execute("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", (table,))
    keys = [tuple(str(name) for (name,) in primary)]
    unique = lite.execute(
        'SELECT name FROM pragma_index_list(?) WHERE "unique" AND NOT partial ORDER BY seq DESC', (table,)
    ).fetchall()
    for (index,) in unique:
        names = tuple(name for (name,) in lite.execute("SELECT name FROM pragma_index_info(?)", (index,)))
        if None not in names and names not in keys:
            keys.append(names)
    return tuple(key for key in keys if key)
