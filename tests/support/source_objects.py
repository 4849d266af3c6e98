"""What a SQLite file declares, counted by means of its own that share nothing with pgraduate's catalog."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path


def source_objects(path: Path) -> Counter[tuple[str, str]]:
    """Count what each table has of every kind, and name indexes, views and triggers; SQLite's own objects aside."""
    found: Counter[tuple[str, str]] = Counter()
    with closing(sqlite3.connect(path)) as connection:
        master = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
        kinds = {name: kind for _, name, kind, *_ in connection.execute("PRAGMA table_list")}
        for kind, name, _, sql in master:
            if name.startswith("sqlite_"):
                continue
            if kind in ("view", "trigger") or (kind == "index" and sql is not None):
                found[kind, name] += 1
            if kind == "table" and kinds.get(name) == "virtual":
                found["virtual table", name] += 1
            if kind == "table" and kinds.get(name) == "table":
                found["table", name] += 1
                found += _of_table(connection, name)
    return found


def _of_table(connection: sqlite3.Connection, table: str) -> Counter[tuple[str, str]]:
    quoted = '"' + table.replace('"', '""') + '"'
    found: Counter[tuple[str, str]] = Counter()
    columns = connection.execute(f"PRAGMA table_xinfo({quoted})").fetchall()
    if any(column[5] for column in columns):
        found["primary key", table] += 1
    found["foreign key", table] += len({row[0] for row in connection.execute(f"PRAGMA foreign_key_list({quoted})")})
    origins = [row[3] for row in connection.execute(f"PRAGMA index_list({quoted})")]
    found["unique", table] += origins.count("u")
    return +found
