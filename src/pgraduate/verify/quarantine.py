"""What stands in quarantine: cells whose bytes PostgreSQL's text cannot hold, kept byte for byte.

A cell is named by its row's key, never by its content: bytes appear only where they were asked for.  Rows of a
table without a key are named by their rowid in the source, because their key would be all their values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psycopg
from psycopg.rows import dict_row

from pgraduate.model.plan import SchemaPlan
from pgraduate.verify.scripts import script

LISTED = 1000
"""Cells of one column that are listed; all are counted."""


@dataclass(frozen=True, slots=True)
class QuarantinedCell:
    """`key` maps the key's columns to their texts, `size` is in bytes, `copies` counts equal cells of equal rows."""

    schema: str
    table: str
    column: str
    key: Mapping[str, str]
    rowid: int | None
    storage_class: str
    size: int
    reason: str
    copies: int
    value: bytes | None = None


@dataclass(frozen=True, slots=True)
class QuarantinedColumn:
    """`cells` of together `size` bytes are in quarantine, `restored` were given back, to the columns `into`."""

    schema: str
    table: str
    column: str
    cells: int
    size: int
    restored: int
    into: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quarantine:
    columns: tuple[QuarantinedColumn, ...]
    cells: tuple[QuarantinedCell, ...]


def list_quarantine(
    connection: psycopg.Connection, plans: Sequence[SchemaPlan], *, show_values: bool = False
) -> Quarantine:
    """List what stands in quarantine for the schemas of some plans, the first thousand cells of each column."""
    keys = {(plan.schema, table.name): key_columns(plan, table.name) for plan in plans for table in plan.tables}
    facts = {"schemas": [plan.schema for plan in plans], "show_values": show_values, "most": LISTED}
    with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        columns = cursor.execute(script("quarantine_columns"), facts).fetchall()
        cells = cursor.execute(script("quarantine_cells"), facts).fetchall()
    return Quarantine(
        tuple(QuarantinedColumn(**row | {"into": tuple(row["into"])}) for row in columns),
        tuple(
            QuarantinedCell(
                storage_class=row.pop("class"),
                key=_named(keys.get((row["schema"], row["table"]), ((), False)), row.pop("row_key"), show_values),
                **row,
            )
            for row in cells
        ),
    )


def key_columns(plan: SchemaPlan, table_name: str) -> tuple[tuple[str, ...], bool]:
    """Give the target's columns whose texts are a table's `row_key`, and whether they are a key.

    Without a key they are all the columns that were loaded.
    """
    table = next(table for table in plan.tables if table.name == table_name)
    if table.key:
        return tuple(table.column(name).target for name in table.key), True
    return tuple(column.target for column in table.columns if not column.generated), False


def _named(key: tuple[tuple[str, ...], bool], texts: Sequence[str], show_values: bool) -> dict[str, str]:
    names, is_key = key
    return dict(zip(names, texts, strict=False)) if is_key or show_values else {}
