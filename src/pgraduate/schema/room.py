"""What the planning of one source hands from one kind of object to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pgraduate.model.catalog import Catalog, Table
from pgraduate.model.census import Census, TableCensus
from pgraduate.model.names import fold_name
from pgraduate.model.plan import ColumnPlan, TablePlan
from pgraduate.postgres.identifiers import qualified, quote
from pgraduate.schema.docket import Docket
from pgraduate.schema.harmony import ColumnId
from pgraduate.schema.names import Names
from pgraduate.schema.translation import Translator


@dataclass(slots=True)
class Room:
    """`keys` gives, per folded table name, the column sets that a foreign key may refer to in PostgreSQL."""

    catalog: Catalog
    census: Census
    names: Names
    docket: Docket
    plans: Mapping[str, TablePlan]
    """Table plans by folded source name: the tables that will stand in the target."""
    translator: Translator
    expressions: Mapping[ColumnId, str] = field(default_factory=dict)
    keys: dict[str, list[frozenset[str]]] = field(default_factory=dict)

    @property
    def schema(self) -> str:
        return self.names.schema

    @property
    def tables(self) -> tuple[Table, ...]:
        """The source's tables that are carried, in the catalog's order."""
        return tuple(table for table in self.catalog.tables if fold_name(table.name) in self.plans)

    def plan(self, table: str) -> TablePlan:
        return self.plans[fold_name(table)]

    def counts(self, table: str) -> TableCensus:
        return self.census.table(table)

    def column(self, table: str, name: str) -> ColumnPlan:
        folded = fold_name(name)
        for column in self.plan(table).columns:
            if fold_name(column.source) == folded:
                return column
        raise KeyError(name)

    def change_column(self, table: str, changed: ColumnPlan) -> None:
        """Put a changed column in the place of the one of its name."""
        plan = self.plan(table)
        columns = tuple(changed if column.source == changed.source else column for column in plan.columns)
        self.plans = {**self.plans, fold_name(table): replace(plan, columns=columns)}

    def qualified(self, table: str) -> str:
        return self.names.qualified_table(table)

    def within(self, table: str, name: str) -> str:
        """Give the qualified name of something that belongs to a table: a column, a constraint, a trigger."""
        return qualified(self.schema, self.names.table(table), name)

    def quoted_columns(self, table: str, sources: tuple[str, ...]) -> str:
        return ", ".join(quote(name) for name in self.names.column_list(table, sources))

    def where(self, table: str, columns: tuple[str, ...] = ()) -> str:
        """Name a place for a decision: `schema.table(columns)` in the source's spelling."""
        return f"{self.schema}.{table}({','.join(columns)})" if columns else f"{self.schema}.{table}"

    def keep_key(self, table: str, columns: tuple[str, ...]) -> None:
        self.keys.setdefault(fold_name(table), []).append(frozenset(fold_name(name) for name in columns))
