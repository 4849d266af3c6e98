"""The sample's load: its own repositories at work on SQLite, recorded by the trace callback.

The mix is what a day of the dashboard looks like: many looks at single workflows, lists and searches, some reports, and
the writes of running workflows.  The same seed gives the same recording for the same file.

    python -m benchmarks.tune.sample COPY-OF-workflows.db RECORDING [OPERATIONS]

A process of its own: the standard sqlite3 must not meet APSW in one process.
"""

from __future__ import annotations

import random
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

from pgraduate.workload import record

EXAMPLES = Path(__file__).parents[2] / "examples" / "workflows"


def record_sample(file: Path, recording: Path, *, operations: int = 400, seed: int = 7) -> None:
    """Work on a copy of workflows.db and write what it ran to a recording."""
    sys.path.insert(0, str(EXAMPLES))
    try:
        from app.db import connect
    finally:
        sys.path.remove(str(EXAMPLES))
    connection = connect(file)
    try:
        chosen = random.Random(seed)
        known = _Known(connection, chosen)
        mix = _mix(connection, known, chosen)
        actions, weights = [action for action, _ in mix], [weight for _, weight in mix]
        with record(connection, recording):
            for _ in range(operations):
                chosen.choices(actions, weights)[0]()
    finally:
        connection.close()


class _Known:
    """Names that stand in the file: the load asks for what is there."""

    def __init__(self, connection: sqlite3.Connection, chosen: random.Random) -> None:
        self._chosen = chosen
        self._workflows = self._column(
            connection, "SELECT workflow_id FROM workflow_history WHERE workflow_id <> ''"
        )
        self._tools = self._column(connection, "SELECT tool_name FROM tools")
        self._titles = self._column(connection, "SELECT DISTINCT title FROM workflow_history")
        self._projects = self._column(connection, "SELECT slug FROM projects")
        self._patterns = self._column(connection, "SELECT pattern_signature FROM operation_patterns")

    @staticmethod
    def _column(connection: sqlite3.Connection, query: str) -> list[str]:
        return [row[0] for row in connection.execute(query)]

    def workflow(self) -> str:
        return self._chosen.choice(self._workflows)

    def tool(self) -> str:
        return self._chosen.choice(self._tools)

    def word(self) -> str:
        return self._chosen.choice(self._titles).split()[0]

    def project(self) -> str:
        return self._chosen.choice(self._projects)

    def pattern(self) -> str:
        return self._chosen.choice(self._patterns)


def _mix(
    connection: sqlite3.Connection, known: _Known, chosen: random.Random
) -> list[tuple[Callable[[], object], float]]:
    from app.repositories import costs, history, operations, patterns, projects, tools

    number = iter(range(1, 1_000_000))

    def one_run() -> None:
        name = f"load-{next(number)}"
        run = history.start(connection, name, f"Load {chosen.randrange(50)}", priority=chosen.randrange(100))
        for _ in range(3):
            tools.record_call(
                connection, f"{name}-{next(number)}", name, known.tool(), duration_ms=chosen.randrange(900)
            )
        history.record_units(connection, run, used=chosen.randrange(900), cached=chosen.randrange(90), out=5)
        costs.add(connection, name, "build", "compute", chosen.randrange(1, 50), 0.001)
        history.finish(connection, name, chosen.choice(["completed", "failed"]))

    return [
        (lambda: history.get(connection, known.workflow()), 12),
        (lambda: history.search(connection, text=known.word(), status=chosen.choice([None, "failed"])), 6),
        (lambda: history.search(connection, offset=chosen.randrange(0, 400, 20)), 4),
        (lambda: history.status_counts(connection), 5),
        (lambda: history.recent_failures(connection), 4),
        (lambda: history.runs_since(connection, chosen.randrange(1, 30)), 4),
        (lambda: history.tags_of(connection, known.workflow()), 6),
        (lambda: history.notes_of(connection, known.workflow()), 6),
        (lambda: history.failed_with(connection, chosen.randrange(5)), 2),
        (lambda: history.latest_by_title(connection), 1),
        (lambda: tools.calls_of(connection, known.workflow()), 10),
        (lambda: tools.usage(connection), 2),
        (lambda: tools.slowest_calls(connection), 2),
        (lambda: tools.open_events(connection), 5),
        (lambda: tools.enabled_tools(connection), 5),
        (lambda: costs.total(connection, known.workflow()), 6),
        (lambda: costs.by_phase(connection, known.workflow()), 4),
        (lambda: costs.by_month(connection), 1),
        (lambda: costs.budget_use(connection, "2026-06"), 2),
        (lambda: patterns.candidates(connection), 3),
        (lambda: patterns.workflows_with(connection, known.pattern()), 4),
        (lambda: patterns.by_category(connection), 1),
        (lambda: projects.overview(connection), 2),
        (lambda: projects.get(connection, known.project()), 4),
        (lambda: operations.open_alerts(connection), 4),
        (one_run, 10),
    ]


if __name__ == "__main__":
    record_sample(Path(sys.argv[1]), Path(sys.argv[2]), operations=int(sys.argv[3]) if len(sys.argv) > 3 else 400)
