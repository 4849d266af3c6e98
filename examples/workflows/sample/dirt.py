"""The dirty rows, as data: what is planted where, how often, and how to find it again.

Each defect is one that files of this age and habit really have, and one that a migration has to notice.  `plant` is
one SQL statement that makes one dirty row from the row with the id that it is given; `find` counts the dirty rows,
read over both files (attached as `workflows` and `phases`), and counts nothing in clean data.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Defect:
    file: str
    table: str
    column: str
    kind: str
    count: int
    why: str
    find: str
    plant: str | None = None
    """None where nothing needs planting, because the two files collide by themselves."""

    def to_json(self) -> dict[str, str | int]:
        return {key: value for key, value in asdict(self).items() if key != "plant"}


def _cell(where: str, kind: str, count: int, why: str, *, value: str, find: str) -> Defect:
    """Describe cells that are overwritten with the value of an SQL expression; `find` is a condition on the row."""
    file, table, column = where.split(".")
    return Defect(
        file,
        table,
        column,
        kind,
        count,
        why,
        find=f"SELECT count(*) FROM {file}.{table} AS t WHERE {find}",
        plant=f"UPDATE {table} SET {column} = {value} WHERE id = ?",
    )


def _orphan(where: str, count: int, why: str, *, value: str, parent: str) -> Defect:
    """Describe references to a parent, `table.column`, that does not exist."""
    file, _, column = where.split(".")
    table, key = parent.split(".")
    missing = f"NOT EXISTS (SELECT 1 FROM {file}.{table} AS p WHERE p.{key} = t.{column})"
    return _cell(where, "orphan", count, why, value=value, find=f"t.{column} IS NOT NULL AND {missing}")


def _run(kind: str, count: int, why: str, *, workflow_id: str, find: str) -> Defect:
    """Describe runs that are recorded a second time, under the given workflow_id."""
    return Defect(
        "workflows",
        "workflow_history",
        "workflow_id",
        kind,
        count,
        why,
        find=f"SELECT {find} FROM workflows.workflow_history",
        plant=f"""
            INSERT INTO workflow_history (workflow_id, title, status, started_at, created_at, updated_at,
                                          project_id)
            SELECT {workflow_id}, title, 'cancelled', started_at, created_at, updated_at,
                   project_id
              FROM workflow_history WHERE id = ?
        """,
    )


def _collision(table: str, key: str, count: int) -> Defect:
    """Describe ids that mean one row in workflows.db and another one in phases.db."""
    return Defect(
        "phases",
        table,
        "id",
        "colliding-id",
        count,
        "each file counts its own AUTOINCREMENT ids",
        find=f"SELECT count(*) FROM workflows.{table} w JOIN phases.{table} p USING (id) WHERE w.{key} <> p.{key}",
    )


def defects(runs: int, tools: int, patterns: int) -> tuple[Defect, ...]:
    """Give every planted defect for a sample with so many runs, tools and patterns."""
    return (
        _cell(
            "workflows.workflow_history.finished_at",
            "empty-timestamp",
            4,
            "an old form sent an empty field instead of none",
            value="''",
            find="finished_at = ''",
        ),
        _cell(
            "workflows.tool_calls.called_at",
            "empty-timestamp",
            3,
            "an old client did not know the time",
            value="''",
            find="called_at = ''",
        ),
        _cell(
            "workflows.workflow_history.created_at",
            "iso-timestamp",
            9,
            "a script wrote ISO 8601 beside SQLite's own form",
            value="replace(created_at, ' ', 'T') || 'Z'",
            find="created_at GLOB '*T*Z'",
        ),
        _cell(
            "phases.phase_queue.claimed_at",
            "iso-timestamp",
            5,
            "one version of the worker wrote ISO 8601",
            value="replace(created_at, ' ', 'T') || 'Z'",
            find="claimed_at GLOB '*T*Z'",
        ),
        _cell(
            "workflows.workflow_history.anomaly_flags",
            "invalid-json",
            3,
            "a bare word where a list belongs",
            value="'cache-miss'",
            find="NOT json_valid(anomaly_flags)",
        ),
        _cell(
            "workflows.hook_events.payload",
            "invalid-json",
            3,
            "a sender printed a dictionary instead of encoding it",
            value="'{''ref'': ''main'', ''forced'': False}'",
            find="NOT json_valid(payload)",
        ),
        _cell(
            "phases.hook_events.payload",
            "invalid-json",
            2,
            "the text was cut off on the way",
            value="substr(payload, 1, 12)",
            find="NOT json_valid(payload)",
        ),
        _cell(
            "workflows.workflow_history.is_scheduled",
            "flag-two",
            3,
            "2 once meant: by a schedule of another project",
            value="2",
            find="is_scheduled = 2",
        ),
        _cell(
            "workflows.workflow_history.is_scheduled",
            "flag-text",
            3,
            "an import brought its booleans as words",
            value="'true'",
            find="is_scheduled = 'true'",
        ),
        _cell(
            "workflows.hook_events.processed",
            "flag-two",
            2,
            "2 once meant: handled twice",
            value="2",
            find="processed = 2",
        ),
        _cell(
            "workflows.cost_entries.amount",
            "tiny-cost",
            5,
            "a millionth, which a column with four decimals would round to nothing",
            value="0.000001",
            find="amount = 0.000001",
        ),
        _cell(
            "workflows.workflow_history.title",
            "over-long",
            3,
            "VARCHAR(120) has never been enforced",
            value="title || ' – ' || replace(printf('%120s', ''), ' ', 'again ')",
            find="length(title) > 120",
        ),
        _cell(
            "phases.tool_calls.tool_name",
            "over-long",
            2,
            "VARCHAR(50) has never been enforced",
            value="tool_name || '/' || replace(printf('%50s', ''), ' ', 'x')",
            find="length(tool_name) > 50",
        ),
        _run(
            "null-key",
            2,
            "runs begun by hand, before every run had a workflow_id",
            workflow_id="NULL",
            find="count(*) - count(workflow_id)",
        ),
        _run(
            "duplicate-key",
            3,
            "retries keep their workflow_id, which is why it is not UNIQUE",
            workflow_id="workflow_id",
            find="count(workflow_id) - count(DISTINCT workflow_id)",
        ),
        _cell(
            "workflows.hook_events.event_id",
            "null-key",
            2,
            "one sender has no ids",
            value="NULL",
            find="event_id IS NULL",
        ),
        Defect(
            "workflows",
            "hook_events",
            "event_id",
            "duplicate-key",
            4,
            "a sender repeats an event when the answer is late",
            find="SELECT count(event_id) - count(DISTINCT event_id) FROM workflows.hook_events",
            plant="""
                INSERT INTO hook_events (event_id, workflow_id, event_type, payload, processed, received_at)
                SELECT event_id, workflow_id, event_type, payload, processed, received_at
                  FROM hook_events WHERE id = ?
            """,
        ),
        _orphan(
            "workflows.cost_entries.workflow_id",
            4,
            "runs were deleted while foreign keys were off",
            value="'wf-gone-' || id",
            parent="workflow_history.workflow_id",
        ),
        _orphan(
            "phases.tool_calls.workflow_id",
            3,
            "runs were deleted while foreign keys were off",
            value="'wf-gone-' || id",
            parent="workflow_history.workflow_id",
        ),
        _orphan(
            "workflows.pattern_occurrences.pattern_id",
            2,
            "a pattern was deleted while its ON DELETE CASCADE was off",
            value="900000 + id",
            parent="operation_patterns.id",
        ),
        _orphan(
            "phases.phase_queue.depends_on",
            2,
            "a phase was deleted while its ON DELETE CASCADE was off",
            value="900000000 + id",
            parent="phase_queue.id",
        ),
        _cell(
            "workflows.workflow_notes.body",
            "nul-character",
            1,
            "pasted from a terminal; PostgreSQL's text cannot hold it",
            value="'exit status:' || char(0) || ' 137'",
            find="instr(body, char(0)) > 0",
        ),
        _cell(
            "workflows.workflow_notes.body",
            "not-utf-8",
            1,
            "written in Latin-1 by an old import; PostgreSQL refuses it",
            value="CAST(x'64e96ae02076e972696669e9' AS TEXT)",
            find="instr(CAST(body AS BLOB), x'e9') > 0",
        ),
        _collision("workflow_history", "workflow_id", runs // 2),
        _collision("tools", "tool_name", tools),
        _collision("operation_patterns", "pattern_signature", patterns),
    )


def plant(connections: dict[str, sqlite3.Connection], planned: tuple[Defect, ...]) -> None:
    """Plant the defects, spread evenly over each table so that no row bears two of them."""
    statements_of: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for defect in planned:
        if defect.plant is not None:
            statements_of[defect.file, defect.table] += [defect.plant] * defect.count
    for (file, table), statements in statements_of.items():
        connection = connections[file]
        first, last = connection.execute(f"SELECT min(id), max(id) FROM {table}").fetchone()
        stride = (last - first) // len(statements)
        if stride < 1:
            raise ValueError(f"{file}.{table} has too few rows for {len(statements)} dirty ones")
        for number, statement in enumerate(statements):
            connection.execute(statement, (first + number * stride + stride // 2,))
