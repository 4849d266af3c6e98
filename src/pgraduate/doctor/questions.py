"""The room's questions to a server, one `.sql` file each."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import psycopg
from psycopg.rows import dict_row


def ask(connection: psycopg.Connection, name: str) -> dict[str, Any] | None:
    """Ask for one row; None where this role may not ask."""
    return next(iter(ask_all(connection, name)), None)


def ask_all(connection: psycopg.Connection, name: str) -> list[dict[str, Any]]:
    """Ask for every row; none where this role may not ask."""
    script = files("pgraduate.doctor").joinpath("sql", f"{name}.sql").read_bytes()
    try:
        with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(script).fetchall()
    except psycopg.errors.InsufficientPrivilege:
        return []
