"""A schema plan as the translator sees it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pgraduate.dialect.schema_view import ColumnView, Declared, Release, TableView
from pgraduate.model.catalog import Catalog, Column, Table
from pgraduate.model.names import fold_name
from pgraduate.model.plan import TablePlan
from pgraduate.schema.search_terms import has_text
from pgraduate.schema.virtual_tables import is_search

COMPAT_SCHEMA = "pgraduate_compat"


@dataclass(slots=True)
class PlanView:
    """A SchemaView over planned tables; views join it as they are translated, so that others can read them."""

    tables: dict[str, TableView] = field(default_factory=dict)
    compat_schema: str = COMPAT_SCHEMA
    target_schema: str | None = None
    """Not known here: no expression of a schema asks for its catalog."""
    text_encoding: str = "UTF-8"
    release: Release | None = None

    def table(self, source: str, /) -> TableView | None:
        return self.tables.get(fold_name(source))

    def add(self, table: TableView) -> None:
        self.tables[fold_name(table.source)] = table


def view_of(catalog: Catalog, plans: Iterable[TablePlan]) -> PlanView:
    """Show the planned tables of a source."""
    view = PlanView(text_encoding=catalog.encoding)
    for plan in plans:
        view.add(_table_view(catalog, catalog.table(plan.source), plan))
    return view


def _table_view(catalog: Catalog, table: Table, plan: TablePlan) -> TableView:
    columns = tuple(
        ColumnView(
            source=column.source,
            target=column.target,
            type=column.type,
            affinity=table.column(column.source).affinity,
            representation=column.representation,
            collation=column.collation,
            not_null=column.not_null,
            keeps_class=column.keeps_class,
            generated=column.generated,
            implicit=table.column(column.source).implicit,
            declared=_declared(table.column(column.source)),
        )
        for column in plan.columns
    )
    return TableView(
        table.name,
        plan.schema,
        plan.name,
        columns,
        plan.rowid_alias,
        _carried_keys(catalog, table, plan),
        left_out=table.left_out,
        checks=tuple(check.expression_sql for check in table.checks),
        searched=_searched(table, plan),
        autoincrement=table.autoincrement,
    )


def _declared(column: Column) -> Declared:
    hidden = {"virtual": 2, "stored": 3}.get(column.generated or "", 0)
    return Declared(column.declared, column.not_null, column.default_sql, hidden)


def _searched(table: Table, plan: TablePlan) -> tuple[str, ...]:
    """List the columns whose words the search index of a full-text table holds."""
    if not is_search(table):
        return ()
    shown = [column for column in plan.columns if has_text(column.type)]
    found = [(column.source, table.column(column.source)) for column in shown]
    return tuple(source for source, column in found if not (column.unindexed or column.implicit))


def _carried_keys(catalog: Catalog, table: Table, plan: TablePlan) -> tuple[tuple[str, ...], ...]:
    """List the unique keys whose columns are all in the plan, which may be older than the catalog as it is read now."""
    names = {fold_name(column.source) for column in plan.columns}
    return tuple(key for key in unique_keys(catalog, table) if all(fold_name(name) in names for name in key))


def unique_keys(catalog: Catalog, table: Table) -> tuple[tuple[str, ...], ...]:
    """List the column sets that SQLite keeps unique over all rows, the primary key first."""
    keys = [table.primary_key] if table.primary_key else []
    for index in catalog.indexes_of(table.name):
        names = tuple(key.column for key in index.keys if key.column is not None)
        if index.unique and index.where_sql is None and len(names) == len(index.keys) and names not in keys:
            keys.append(names)
    return tuple(keys)
