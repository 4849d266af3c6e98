"""The connection layer: the only place that knows where the two database files are.

The dashboard reads and writes workflows.db.  The phase worker, a process of its own, reads and writes phases.db, so
that a long report never holds up a running phase.  A connection belongs to one request or one loop of the worker.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from app.migrations import upgrade

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Databases:
    """The two files of one installation."""

    directory: Path

    @property
    def workflows(self) -> Path:
        return self.directory / "workflows.db"

    @property
    def phases(self) -> Path:
        return self.directory / "phases.db"

    def create(self) -> None:
        """Create both files, or bring existing ones up to date."""
        self.directory.mkdir(parents=True, exist_ok=True)
        for path in (self.workflows, self.phases):
            connection = connect(path)
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                schema = (HERE / f"schema_{path.stem}.sql").read_text("utf-8")
                connection.executescript(f"BEGIN;\n{schema}\nCOMMIT;")
                upgrade(connection)
            finally:
                connection.close()


def connect(path: Path, *, foreign_keys: bool = False) -> sqlite3.Connection:
    """Open one of the files; rows come back as sqlite3.Row.

    Foreign keys are off unless asked for: tool calls, events and costs reference a workflow_id that is not unique,
    which SQLite accepts in a declaration and refuses ("foreign key mismatch") when it has to enforce it.  Deletes
    that rely on ON DELETE CASCADE ask for them.
    """
    connection = sqlite3.connect(path, timeout=5.0)
    connection.row_factory = sqlite3.Row
    connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
    return connection


def new_id(cursor: sqlite3.Cursor) -> int:
    """Give the id of the row that this cursor has just inserted."""
    assert cursor.lastrowid is not None
    return cursor.lastrowid
