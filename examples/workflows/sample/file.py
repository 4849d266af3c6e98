"""One of the two files while it is being written.

Tables come first, then the rows, then the indexes, and only at the end the triggers: they would count every row
and stamp it with the time of day.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from app.migrations import MIGRATIONS

from sample.columns import COLUMNS, HISTORY_COLUMNS
from sample.shared import Row, Side

APP = Path(__file__).parents[1] / "app"

SETTLE = """
    UPDATE tools SET
        total_calls = (SELECT count(*) FROM tool_calls c WHERE c.tool_name = tools.tool_name),
        last_called_at = (SELECT max(called_at) FROM tool_calls c WHERE c.tool_name = tools.tool_name);
    UPDATE operation_patterns SET
        occurrence_count = (SELECT count(*) FROM pattern_occurrences o WHERE o.pattern_id = operation_patterns.id),
        last_seen = coalesce((SELECT max(detected_at) FROM pattern_occurrences o
                               WHERE o.pattern_id = operation_patterns.id), last_seen);
    UPDATE sqlite_sequence SET seq = seq + 3 WHERE name = 'workflow_history';
"""
"""What the application would have left behind: the triggers' counters, and three ids of runs deleted since."""

SETTLE_WORKFLOWS = """
    UPDATE workflow_history SET
        actual_cost = (SELECT total(amount) FROM cost_entries c WHERE c.workflow_id = workflow_history.workflow_id);
    INSERT INTO daily_metrics (day, project_id, runs, failures, cost)
    SELECT date(started_at), project_id, count(*), sum(status = 'failed'), total(actual_cost)
      FROM workflow_history GROUP BY date(started_at), project_id;
"""


class SampleFile:
    def __init__(self, path: Path, side: Side) -> None:
        self.side = side
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = OFF")
        self.connection.execute("PRAGMA synchronous = OFF")
        self.connection.execute("BEGIN")
        script = (APP / f"schema_{side.file}.sql").read_text("utf-8")
        self._statements = tuple(statements(script))
        self._create("TABLE")
        self._count_from(side.first_id)

    def add(self, table: str, rows: Iterable[Row]) -> None:
        """Insert the rows as they come."""
        columns = HISTORY_COLUMNS[self.side.file] if table == "workflow_history" else COLUMNS[table]
        marks = ", ".join("?" * len(columns.split(",")))
        self.connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)

    def index(self) -> None:
        self._create("INDEX")

    def finish(self) -> int:
        """Complete and close the file; return how many rows it has."""
        for statement in statements(SETTLE + (SETTLE_WORKFLOWS if self.side.file == "workflows" else "")):
            self.connection.execute(statement)
        self._create("VIEW")
        self._create("TRIGGER")
        rows: int = sum(
            self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in self._tables()
        )
        self.connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        self.connection.execute("COMMIT")
        self.connection.close()
        return rows

    def _create(self, kind: str) -> None:
        for statement in self._statements:
            if f"{kind} IF NOT EXISTS" in statement:
                self.connection.execute(statement)

    def _count_from(self, first: int) -> None:
        if first > 1:
            for table in self._tables(where="sql LIKE '%AUTOINCREMENT%'"):
                self.connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, first - 1))

    def _tables(self, where: str = "true") -> list[str]:
        rows = self.connection.execute(
            f"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND {where}"
        )
        return [row[0] for row in rows]


def statements(script: str) -> Iterator[str]:
    """Split a script after each complete statement; the body of a trigger stays in one piece."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
