"""Bring a file made by an older version of the application up to date.

The number of the last migration stands in the file itself (PRAGMA user_version).  Each migration looks before it
acts, because the files were also changed by hand in the early days.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable


def has_table(connection: sqlite3.Connection, table: str) -> bool:
    row = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone()
    return row is not None


def columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row["name"] for row in connection.execute(f"PRAGMA table_info({table})")]


def add_column(connection: sqlite3.Connection, table: str, column: str, declaration: str) -> bool:
    """Add the column unless the table is absent or has it; say whether it was added."""
    if not has_table(connection, table) or column in columns(connection, table):
        return False
    connection.execute(f"ALTER TABLE {table} ADD COLUMN {column} {declaration}")
    return True


def _fallback_tools(connection: sqlite3.Connection) -> None:
    add_column(connection, "tools", "fallback_tool", "VARCHAR(50) REFERENCES tools (tool_name) ON UPDATE CASCADE")


def _event_times(connection: sqlite3.Connection) -> None:
    if add_column(connection, "hook_events", "received_at", "TEXT NOT NULL DEFAULT ''"):
        connection.execute("UPDATE hook_events SET received_at = datetime('now') WHERE received_at = ''")


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (_fallback_tools, _event_times)


def upgrade(connection: sqlite3.Connection) -> int:
    """Run the migrations that this file has not seen; return the version that it has now."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    for number, migrate in enumerate(MIGRATIONS[version:], start=version + 1):
        with connection:
            migrate(connection)
            connection.execute(f"PRAGMA user_version = {number}")
        version = number
    return version
