"""What SQLite's catalog says of a planned source beyond its columns: definitions, indexes, triggers, by PostgreSQL's names.

The translator carries it along in a question to the live catalog, which knows what stands there but not how SQLite
wrote it.  The invariant: what the plan does not carry has no name here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pgraduate.dialect.reading.tokens import tokenize
from pgraduate.dialect.schema_view import DeclaredIndex, DeclaredTable, DeclaredTerm, TableView
from pgraduate.model.catalog import Catalog, Column, Index, Table
from pgraduate.model.names import fold_name
from pgraduate.model.plan import SchemaPlan
from pgraduate.schema.view import PlanView

_ORIGINS = {"create": "c", "unique": "u", "primary key": "pk"}
_ROWID, _EXPRESSION = -1, -2
Targets = Mapping[tuple[str, str], str]
"""PostgreSQL's names by kind and label of what is carried."""


def declare(view: PlanView, catalog: Catalog, plan: SchemaPlan) -> None:
    """Let a view of planned tables and views say what SQLite's definitions are.

    Nothing is said of a table that is another one in PostgreSQL: a virtual one, and one without some of its columns.
    """
    targets = {
        (item.kind, item.name): _last_name(item.target)
        for item in plan.objects
        if item.target is not None and item.outcome != "not_carried" and item.statements
    }
    for table in catalog.tables:
        known = view.table(table.name)
        if known is not None and table.kind == "table" and not table.left_out:
            view.add(replace(known, declared=_table(catalog, table, known, targets)))
    for shown in catalog.views:
        known = view.table(shown.name)
        if known is not None:
            view.add(
                replace(known, declared=DeclaredTable(shown.sql, triggers=_triggers(catalog, shown.name, targets)))
            )


def _table(catalog: Catalog, table: Table, known: TableView, targets: Targets) -> DeclaredTable:
    names = {fold_name(column.name): place for place, column in enumerate(_shown_columns(table))}
    indexes = []
    helpers = []
    for index in catalog.indexes_of(table.name):
        target = targets.get(_label(table, index))
        if any(key.column is not None and fold_name(key.column) not in names for key in index.keys):
            # Over a rowid that is carried as a column.
            helpers.append(target)
        elif target is not None:
            origin, partial = _ORIGINS[index.origin], index.where_sql is not None
            terms = tuple(_terms(table, index, names))
            indexes.append(DeclaredIndex(index.name, target, index.unique, origin, partial, terms, index.sql))
        if index.origin == "primary key":
            helpers.append(targets.get(("index", f"{table.name} primary key by its collation")))
    return DeclaredTable(
        table.sql,
        table.without_rowid,
        table.strict,
        tuple(indexes),
        _triggers(catalog, table.name, targets),
        tuple(_targets(known, key.columns) for key in table.foreign_keys if key.implied),
        tuple(filter(None, helpers)),
    )


def _targets(known: TableView, columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(column.target for name in columns if (column := known.column(name)) is not None)


def _shown_columns(table: Table) -> list[Column]:
    return [column for column in table.columns if not column.implicit]


def _label(table: Table, index: Index) -> tuple[str, str]:
    """Give the kind and the name under which the plan has an index."""
    match index.origin:
        case "create":
            return "index", index.name
        case "unique":
            columns = ", ".join(key.column for key in index.keys if key.column is not None)
            return "unique", f"{table.name}({columns})"
        case "primary key":
            return "primary key", table.name


def _terms(table: Table, index: Index, names: Mapping[str, int]) -> Iterator[DeclaredTerm]:
    """List the terms, and behind them what SQLite adds to find the row.

    That is the rowid.  A table without one is found by its primary key, whose own index holds all other columns.
    """
    for key in index.keys:
        if key.column is None:
            place = _EXPRESSION if key.expression_sql is not None else _ROWID
            yield DeclaredTerm(place, None, key.descending, key.collation)
        else:
            yield DeclaredTerm(names[fold_name(key.column)], key.column, key.descending, key.collation)
    if not table.without_rowid:
        yield DeclaredTerm(_ROWID, None, is_key=False)
        return
    held = {(fold_name(key.column), key.collation) for key in index.keys if key.column is not None}
    if index.origin == "primary key":
        added = [column for column in table.columns if column.generated != "virtual"]
        held_names = {name for name, _ in held}
        added = [column for column in added if fold_name(column.name) not in held_names]
        yield from (DeclaredTerm(names[fold_name(c.name)], c.name, False, "BINARY", False) for c in added)
        return
    for column in map(table.column, table.primary_key):
        if (fold_name(column.name), column.collation) not in held:
            yield DeclaredTerm(names[fold_name(column.name)], column.name, False, column.collation, False)


def _triggers(catalog: Catalog, table: str, targets: Targets) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (target, trigger.name, trigger.sql)
        for trigger in catalog.triggers
        if fold_name(trigger.table) == fold_name(table)
        and (target := targets.get(("trigger", trigger.name))) is not None
    )


def _last_name(target: str) -> str:
    """Read the last of the quoted names that are joined by dots."""
    return tokenize(target)[-1].name
