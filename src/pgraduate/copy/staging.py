"""The way of columns that only the server can cast: rows wait in a temporary table and go on from there.

The invariant: what waits leaves within the same transaction, so that a chunk still commits whole.
"""

from __future__ import annotations

from collections.abc import Sequence

import psycopg

from pgraduate.copy.encoders.wire import cast_of
from pgraduate.model.plan import ColumnPlan, TablePlan
from pgraduate.postgres.identifiers import qualified, quote

STAGE = "pg_temp.pgraduate_stage"


def needs_stage(columns: Sequence[ColumnPlan], bases: Sequence[str]) -> bool:
    return any(cast_of(column, base) is not None for column, base in zip(columns, bases, strict=True))


def make_stage(
    connection: psycopg.Connection, plan: TablePlan, columns: Sequence[ColumnPlan], bases: Sequence[str]
) -> None:
    """Make the temporary table: the columns of the target's, those that are cast in the type that travels."""
    items = []
    for column, base in zip(columns, bases, strict=True):
        cast = cast_of(column, base)
        item = quote(column.target) if cast is None else f"NULL::{cast.wire} AS {quote(column.target)}"
        items.append(item)
    connection.execute(
        "CREATE TEMPORARY TABLE pgraduate_stage ON COMMIT DROP AS"
        f" SELECT {', '.join(items)} FROM {qualified(plan.schema, plan.name)} WITH NO DATA".encode()
    )


def move_on(
    connection: psycopg.Connection, plan: TablePlan, columns: Sequence[ColumnPlan], bases: Sequence[str]
) -> int:
    """Cast the rows into the target's table, remove the temporary one, and give the number of rows that arrived."""
    names = ", ".join(quote(column.target) for column in columns)
    items = []
    for column, base in zip(columns, bases, strict=True):
        cast = cast_of(column, base)
        items.append(quote(column.target) if cast is None else cast.into.format(quote(column.target)))
    arrived = connection.execute(
        f"INSERT INTO {qualified(plan.schema, plan.name)} ({names}) OVERRIDING SYSTEM VALUE"
        f" SELECT {', '.join(items)} FROM {STAGE}".encode()
    ).rowcount
    connection.execute(f"DROP TABLE {STAGE}".encode())
    return arrived
