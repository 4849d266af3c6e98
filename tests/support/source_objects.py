"""What a SQLite file declares, counted by means of its own that share nothing with pgraduate's catalog."""

from __future__ import annotations

import re
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
                found["check", name] += _checks(sql)
    return found


_STRINGS = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|/\*.*?(?:\*/|\Z)""", re.DOTALL
)


def _checks(create: str) -> int:
    """Count the word CHECK before a parenthesis, outside of texts, names and comments."""
    return len(re.findall(r"\bCHECK\s*\(", _STRINGS.sub(" '' ", create), re.IGNORECASE))


def _of_table(connection: sqlite3.Connection, table: str) -> Counter[tuple[str, str]]:
    quoted = '"' + table.replace('"', '""') + '"'
    found: Counter[tuple[str, str]] = Counter()
    columns = connection.execute(f"PRAGMA table_xinfo({quoted})").fetchall()
    if any(column[5] for column in columns):
        found["primary key", table] += 1
    found["foreign key", table] += len({row[0] for row in connection.execute(f"PRAGMA foreign_key_list({quoted})")})
    # NULL is what a column without a default gets anyway, and generated columns (2 and 3 in the last place) have none.
    found["default", table] += sum(
        column[4] is not None and column[4].upper() != "NULL" and column[6] == 0 for column in columns
    )
    keys = [column for column in columns if column[5]]
    without_rowid = next(row[4] for row in connection.execute("PRAGMA table_list") if row[1] == table)
    index_of_key = any(row[3] == "pk" for row in connection.execute(f"PRAGMA index_list({quoted})"))
    # A key of one INTEGER column without an index of its own is the rowid.
    found["identity", table] += len(keys) == 1 and not without_rowid and not index_of_key
    origins = [row[3] for row in connection.execute(f"PRAGMA index_list({quoted})")]
    found["unique", table] += origins.count("u")
    return +found
