"""What the target holds now: objects, rows and bytes of the run's schemas."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import psycopg
from psycopg.rows import dict_row

from pgraduate.postgres.identifiers import qualified

COUNTING_LIMIT = "60s"
"""Rows are counted exactly, and not at all where one table takes longer than this."""
UNITS = {"tables": "", "indexes": "", "views": "", "triggers": "", "rows": "rows", "bytes": "bytes"}


def measure(connection: psycopg.Connection, schemas: Sequence[str]) -> dict[str, Any]:
    """Count objects and rows; `rows` is None where counting took too long or is not allowed."""
    names = {"schemas": list(schemas)}
    with connection.cursor(row_factory=dict_row) as cursor:
        found = dict(cursor.execute(_script("statistics"), names).fetchone() or {})
    tables = connection.execute(_script("tables"), names).fetchall()
    return found | {"rows": _rows(connection, [(str(schema), str(name)) for schema, name in tables])}


def _rows(connection: psycopg.Connection, tables: Sequence[tuple[str, str]]) -> int | None:
    total = 0
    try:
        with connection.transaction():
            connection.execute(f"SET LOCAL statement_timeout = '{COUNTING_LIMIT}'")
            for schema, name in tables:
                row = connection.execute(f"SELECT count(*) FROM {qualified(schema, name)}".encode()).fetchone()
                assert row is not None
                total += int(row[0])
    except (psycopg.errors.QueryCanceled, psycopg.errors.InsufficientPrivilege):
        return None
    return total


def _script(name: str) -> bytes:
    return files("pgraduate.document").joinpath("sql", f"{name}.sql").read_bytes()
