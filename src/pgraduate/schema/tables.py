"""The plan of every table: its columns, the key that identifies a row, and the limits met before the load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pgraduate.model.catalog import Catalog, Column, Table
from pgraduate.model.census import Census, ColumnCensus
from pgraduate.model.decision import Option
from pgraduate.model.finding import Severity
from pgraduate.model.names import fold_name
from pgraduate.model.plan import ColumnPlan, TablePlan
from pgraduate.model.representation import Rule
from pgraduate.model.wording import counted
from pgraduate.schema.choice import Choice
from pgraduate.schema.docket import Docket
from pgraduate.schema.harmony import ColumnId, column_id
from pgraduate.schema.limits import LARGEST_ROW, fits
from pgraduate.schema.names import Names
from pgraduate.schema.view import unique_keys

_FIXED_WIDTHS = {
    "bigint": 8, "integer": 4, "smallint": 2, "double precision": 8, "boolean": 1, "date": 4, "timestamp": 8,
    "uuid": 16,
}  # fmt: skip
_POINTER = 18
"""Bytes of a TOAST pointer, which is what is left in the row of a long value."""

_TEXT_RULES = {Rule.TEXT, Rule.ANY_TEXT, Rule.ANY_VALUE}


@dataclass(frozen=True, slots=True)
class Planner:
    """What it takes to plan tables before there is a translator over them."""

    catalog: Catalog
    census: Census
    names: Names
    choices: Mapping[ColumnId, Choice]
    docket: Docket

    def tables(self) -> dict[str, TablePlan]:
        """Plan every ordinary table that PostgreSQL can hold, by folded source name."""
        return {
            fold_name(table.name): self._table(table)
            for table in self.catalog.tables
            if table.kind == "table"
            and fits(table, self.census.table(table.name), self.choices, self.names.schema, self.docket)
        }

    def _table(self, table: Table) -> TablePlan:
        counts = self.census.table(table.name)
        key_columns = _key_columns(self.catalog, table)
        columns = tuple(
            self._column(table, column, counts.column(column.name), fold_name(column.name) in key_columns)
            for column in table.columns
        )
        self._warn_of_wide_rows(table, columns)
        name = self.names.table(table.name)
        if name != fold_name(table.name):
            self.docket.find("NAME_CHANGED", Severity.INFO, table.name, f"the table is called {name} in PostgreSQL")
        return TablePlan(
            table.name,
            self.names.schema,
            name,
            columns,
            self._key(table, columns),
            table.rowid_alias,
            table.without_rowid,
            counts.rows,
            counts.rowid_min,
            counts.rowid_max,
            table.filter,
            table.left_out,
            counts.longest_row,
        )

    def _column(self, table: Table, column: Column, counts: ColumnCensus, in_key: bool) -> ColumnPlan:
        choice = self.choices[column_id(table.name, column.name)]
        target = self.names.column(table.name, column.name)
        where = f"{self.names.schema}.{table.name}.{column.name}"
        if target != fold_name(column.name):
            self.docket.find(
                "NAME_CHANGED",
                Severity.INFO,
                f"{table.name}.{column.name}",
                f"the column is called {target} in PostgreSQL",
            )
        self.docket.compat |= choice.representation.rule is Rule.ANY_VALUE
        quarantines = _unfit_texts(choice, counts) > 0
        if quarantines:
            self._ask_quarantine(where, counts, in_key)
        return ColumnPlan(
            source=column.name,
            target=target,
            type=choice.type,
            representation=choice.representation,
            reason=choice.reason,
            proof=choice.proof,
            refuses=choice.refuses,
            keeps_class=choice.keeps_class,
            quarantines=quarantines,
            collation=column.collation,
            not_null=self._not_null(table, column, counts, where),
            generated=column.generated is not None,
        )

    def _ask_quarantine(self, where: str, counts: ColumnCensus, in_key: bool) -> None:
        nul, bad = counted(counts.nul_texts, "text"), counted(counts.bad_texts, "text")
        evidence = f"{nul} with a NUL, {bad} with bytes that are no text"
        effect = "their bytes are kept in pgraduate.quarantine and the row arrives with the nearest honest value"
        if in_key:
            effect += ", which may collide with another row's key"
        self.docket.ask(
            f"quarantine:{where}",
            f"PostgreSQL cannot hold some texts of {where}. Keep them apart?",
            evidence,
            (Option("quarantine", effect, leaves_behind=True),),
            safe=None if in_key else "quarantine",
        )

    def _not_null(self, table: Table, column: Column, counts: ColumnCensus, where: str) -> bool:
        if column.name == table.rowid_alias:
            return True
        in_strict_key = column.primary_key_position > 0 and (table.without_rowid or table.strict)
        if not (column.not_null or in_strict_key):
            return False
        if counts.nulls == 0:
            return True
        self.docket.ask(
            f"not_null:{where}",
            f"{where} is declared NOT NULL but holds NULLs. Carry it without the constraint?",
            f"{counted(counts.nulls, 'row')} with a NULL",
            (Option("drop", "the column is created without NOT NULL", leaves_behind=True),),
            safe="drop",
        )
        return False

    def _key(self, table: Table, columns: tuple[ColumnPlan, ...]) -> tuple[str, ...]:
        """Choose the columns that identify a row on both sides: no NULL, no cell that arrives changed."""
        if table.rowid_alias is not None:
            return (table.rowid_alias,)
        by_name = {fold_name(column.source): column for column in columns}
        for names in unique_keys(self.catalog, table):
            members = [by_name[fold_name(name)] for name in names]
            counts = [self.census.table(table.name).column(name) for name in names]
            if all(count.nulls == 0 for count in counts) and not any(
                member.quarantines or member.keeps_class or member.generated for member in members
            ):
                return tuple(member.source for member in members)
        return ()

    def _warn_of_wide_rows(self, table: Table, columns: tuple[ColumnPlan, ...]) -> None:
        header = 24 + (len(columns) + 7) // 8
        least = header + sum(_FIXED_WIDTHS.get(column.type, _POINTER) for column in columns)
        if least > LARGEST_ROW:
            self.docket.find(
                "ROW_TOO_WIDE",
                Severity.WARNING,
                table.name,
                f"a row with a value in every column may need {least:,} bytes; PostgreSQL's page holds {LARGEST_ROW:,}",
                "rows whose columns are mostly NULL fit; split the table if others come",
            )


def _unfit_texts(choice: Choice, counts: ColumnCensus) -> int:
    """Count the texts that cannot stand in the column as they are."""
    if choice.representation.rule in _TEXT_RULES:
        return counts.nul_texts + counts.bad_texts
    return counts.bad_texts if choice.representation.rule is Rule.ANY_BYTES else 0


def _key_columns(catalog: Catalog, table: Table) -> set[str]:
    """Name the columns of keys, unique indexes and foreign keys, whose values other rows rely on."""
    names = {fold_name(name) for name in table.primary_key}
    for index in catalog.indexes_of(table.name):
        if index.unique:
            names |= {fold_name(key.column) for key in index.keys if key.column}
    for key in table.foreign_keys:
        names |= {fold_name(name) for name in key.columns}
    for other in catalog.tables:
        for key in other.foreign_keys:
            if fold_name(key.parent) == fold_name(table.name):
                names |= {fold_name(name) for name in key.parent_columns}
    return names
