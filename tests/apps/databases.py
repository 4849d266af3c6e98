"""A SQLite file that has an application's schema and rows of every kind that its tests stored in it.

Each sample is a small database of one moment.  Their rows are put together, so that a column holds what it held in
any of them; a row whose key is taken already stays out, unless its rowid is its only key, where it gets a new one.
A unique index that the application is about to make is such a key too: no single moment had two rows that it refuses.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from recordings import Master, replay


def make(path: Path, schema: Master, samples: Sequence[Path], unique: Sequence[str] = ()) -> Path:
    """Make the file; `unique` are the statements that make unique indexes over it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # A file without anything is not yet a database.
        connection.execute("PRAGMA user_version = 1")
        # Triggers come last: the rows have been through them.
        replay(connection, tuple(row for row in schema if row[0] != "trigger"))
        connection.execute("BEGIN")
        with _kept_unique(connection, unique):
            for sample in samples:
                _add(connection, sample, schema)
        connection.execute("COMMIT")
        replay(connection, tuple(row for row in schema if row[0] == "trigger"))
    return path


@contextmanager
def _kept_unique(connection: sqlite3.Connection, statements: Sequence[str]) -> Iterator[None]:
    before = _indexes(connection)
    for statement in statements:
        connection.execute(statement)
    yield
    for name in _indexes(connection) - before:
        connection.execute(f"DROP INDEX {_quoted(name)}")


def _indexes(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}


def _add(connection: sqlite3.Connection, sample: Path, schema: Master) -> None:
    references = any("REFERENCES" in (row[3] or "").upper() for row in schema)
    with closing(sqlite3.connect(f"file:{sample}?mode=ro&immutable=1", uri=True)) as source:
        for kind, name, _, sql in schema:
            if kind != "table" or name.startswith("sqlite_") or (sql or "").upper().startswith("CREATE VIRTUAL"):
                continue
            columns = list(source.execute(f"PRAGMA table_info({_quoted(name)})"))
            keys = [column for column in columns if column[5]]
            fresh = len(keys) == 1 and keys[0][2].upper() == "INTEGER" and not references
            kept = [column[1] for column in columns if not (fresh and column[5])]
            names = ", ".join(map(_quoted, kept))
            marks = ", ".join("?" * len(kept))
            rows = source.execute(f"SELECT {names} FROM {_quoted(name)}").fetchall()
            connection.executemany(f"INSERT OR IGNORE INTO {_quoted(name)} ({names}) VALUES ({marks})", rows)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
