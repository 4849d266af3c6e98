"""The tools that workflows call, every call, and the events that the outside world sends (both files)."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from app.db import new_id


def register(
    connection: sqlite3.Connection,
    tool_name: str,
    display_name: str,
    *,
    version: str = "1.0",
    config: dict[str, Any] | None = None,
    fallback_tool: str | None = None,
) -> None:
    """Make a tool known, or bring what is known of it up to date; its counters stay."""
    with connection:
        connection.execute(
            """
            INSERT INTO tools (tool_name, display_name, version, config, fallback_tool) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (tool_name) DO UPDATE
               SET display_name = excluded.display_name, version = excluded.version, config = excluded.config,
                   fallback_tool = coalesce(excluded.fallback_tool, fallback_tool)
            """,
            (tool_name, display_name, version, json.dumps(config or {}), fallback_tool),
        )


def get(connection: sqlite3.Connection, tool_name: str) -> dict[str, Any] | None:
    row = connection.execute("SELECT * FROM tools WHERE tool_name = ?", (tool_name,)).fetchone()
    if row is None:
        return None
    return {**dict(row), "config": json.loads(row["config"]), "enabled": bool(row["enabled"])}


def set_enabled(connection: sqlite3.Connection, tool_name: str, enabled: bool) -> bool:
    with connection:
        cursor = connection.execute("UPDATE tools SET enabled = ? WHERE tool_name = ?", (enabled, tool_name))
    return cursor.rowcount == 1


def enabled_tools(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT tool_name FROM tools WHERE enabled = 1 ORDER BY display_name COLLATE NOCASE, tool_name"
    )
    return [row["tool_name"] for row in rows]


def record_call(
    connection: sqlite3.Connection,
    tool_call_id: str,
    workflow_id: str,
    tool_name: str,
    *,
    arguments: dict[str, Any] | None = None,
    output: bytes | None = None,
    success: bool = True,
    duration_ms: int | None = None,
    cost: float = 0.0,
) -> bool:
    """Keep one call; False if it was reported before (workers report at least once)."""
    with connection:
        cursor = connection.execute(
            """
            INSERT INTO tool_calls (tool_call_id, workflow_id, tool_name, arguments, output, success, duration_ms,
                                    cost)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (tool_call_id) DO NOTHING
            """,
            (tool_call_id, workflow_id, tool_name, json.dumps(arguments or {}), output, success, duration_ms, cost),
        )
    return cursor.rowcount == 1


def calls_of(connection: sqlite3.Connection, workflow_id: str) -> list[dict[str, Any]]:
    rows = connection.execute(
        """
        SELECT tool_call_id, tool_name, arguments, success, duration_ms, cost, length(output) AS output_bytes
          FROM tool_calls WHERE workflow_id = ? ORDER BY id
        """,
        (workflow_id,),
    )
    return [
        {**dict(row), "arguments": json.loads(row["arguments"]), "success": bool(row["success"])} for row in rows
    ]


def calls_with_argument(connection: sqlite3.Connection, name: str, value: str) -> list[str]:
    """Give the calls whose arguments hold this name with this value."""
    rows = connection.execute(
        "SELECT tool_call_id FROM tool_calls WHERE json_extract(arguments, '$.' || ?) = ? ORDER BY id",
        (name, value),
    )
    return [row["tool_call_id"] for row in rows]


def usage(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """Give calls, failures and mean duration of every tool, most used first."""
    rows = connection.execute("SELECT * FROM tool_usage ORDER BY calls DESC, tool_name")
    return [dict(row) for row in rows]


def slowest_calls(connection: sqlite3.Connection) -> list[tuple[str, str, int]]:
    """Give the slowest call of each tool: the bare column comes from the row of the maximum."""
    rows = connection.execute(
        """
        SELECT tool_name, tool_call_id, MAX(duration_ms) AS slowest
          FROM tool_calls WHERE duration_ms IS NOT NULL GROUP BY tool_name ORDER BY slowest DESC
        """
    )
    return [tuple(row) for row in rows]


def record_event(
    connection: sqlite3.Connection, event_id: str, event_type: str, payload: dict[str, Any], workflow_id: str | None
) -> int:
    with connection:
        cursor = connection.execute(
            "INSERT INTO hook_events (event_id, workflow_id, event_type, payload) VALUES (?, ?, ?, ?)",
            (event_id, workflow_id, event_type, json.dumps(payload)),
        )
    return new_id(cursor)


def open_events(connection: sqlite3.Connection, limit: int = 50) -> list[dict[str, Any]]:
    """Give the events that nobody has handled yet, oldest first."""
    rows = connection.execute(
        """
        SELECT id, event_id, event_type, workflow_id, payload FROM hook_events
         WHERE NOT processed ORDER BY received_at, id LIMIT ?
        """,
        (limit,),
    )
    return [{**dict(row), "payload": json.loads(row["payload"])} for row in rows]


def close_events(connection: sqlite3.Connection, ids: list[int]) -> int:
    """Mark events as handled; return how many were still open."""
    marks = ", ".join("?" * len(ids))
    with connection:
        cursor = connection.execute(
            f"UPDATE hook_events SET processed = 1 WHERE processed = 0 AND id IN ({marks})", ids
        )
    return cursor.rowcount
