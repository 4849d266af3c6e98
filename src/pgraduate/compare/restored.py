"""Cells that left the quarantine for a column of the application's own: what that column holds is what counts.

The text column keeps what stood in for the bytes, and the bytes are read where they are now.  A cell that no longer
holds them is a difference, as any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import psycopg
from psycopg import sql

from pgraduate.model.plan import TablePlan


@cache
def _script(name: str) -> str:
    return files("pgraduate.compare").joinpath("sql", f"{name}.sql").read_text("utf-8")


def restored_columns(connection: psycopg.Connection, table: TablePlan) -> tuple[tuple[str, str], ...]:
    """Pair the columns of a table whose cells were given back with the columns into which they were."""
    names = {"schema": table.schema, "table": table.name}
    found = connection.execute(_script("restored_columns"), names).fetchall()
    return tuple((str(column), str(into)) for column, into in found)


def restored_cells(
    connection: psycopg.Connection, table: TablePlan, bases: Mapping[str, str], row_key: str
) -> sql.Composed:
    """Write the part of the exceptions that reads a table's restored cells; it is empty where there are none.

    `bases` are the types of the table's columns as it stands, `row_key` is the text of a row's key, of a row `t`.
    """
    return sql.Composed(
        [
            sql.SQL(_script("restored_cells" if bases.get(into) == "bytea" else "lost_cells")).format(
                schema=sql.Literal(table.schema),
                table=sql.Literal(table.name),
                column=sql.Literal(column),
                into_name=sql.Literal(into),
                into=sql.Identifier(into),
                relation=sql.Identifier(table.schema, table.name),
                key=sql.SQL(row_key),
            )
            for column, into in restored_columns(connection, table)
        ]
    )
