"""The history of workflows: every run, with its tags, notes and files."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from typing import Any

from app.db import new_id

FINAL = ("completed", "failed", "cancelled")


class UnknownWorkflow(LookupError):
    """No run has this workflow_id."""


def start(
    connection: sqlite3.Connection,
    workflow_id: str,
    title: str,
    *,
    project_id: int | None = None,
    priority: int = 50,
    estimated_cost: float = 0.0,
    request_text: str | None = None,
) -> int:
    """Record that a run has begun; return its id.  A workflow_id seen before makes this run a retry."""
    with connection:
        retries = connection.execute(
            "SELECT COUNT(*) FROM workflow_history WHERE workflow_id = ?", (workflow_id,)
        ).fetchone()[0]
        cursor = connection.execute(
            """
            INSERT INTO workflow_history (workflow_id, title, status, started_at, retry_count, project_id, priority,
                                          estimated_cost, request_text, hour_of_day, day_of_week)
            VALUES (?, ?, 'running', datetime('now'), ?, ?, ?, ?, ?,
                    CAST(strftime('%H', 'now') AS INTEGER), CAST(strftime('%w', 'now') AS INTEGER))
            """,
            (workflow_id, title, retries, project_id, priority, estimated_cost, request_text),
        )
    return new_id(cursor)


def finish(
    connection: sqlite3.Connection,
    workflow_id: str,
    status: str,
    *,
    error: str | None = None,
    result: dict[str, Any] | None = None,
) -> None:
    """Close the newest run of a workflow.  Raises UnknownWorkflow if none of its runs is open."""
    with connection:
        cursor = connection.execute(
            """
            UPDATE workflow_history
               SET status = ?,
                   finished_at = datetime('now'),
                   duration_seconds = (julianday('now') - julianday(started_at)) * 86400.0,
                   error_message = ?,
                   result = ?
             WHERE id = (SELECT MAX(id) FROM workflow_history WHERE workflow_id = ? AND status = 'running')
            """,
            (status, error, None if result is None else json.dumps(result), workflow_id),
        )
    if cursor.rowcount == 0:
        raise UnknownWorkflow(workflow_id)


def record_units(connection: sqlite3.Connection, run: int, *, used: int, cached: int, out: int) -> None:
    """Keep how many units a run read, found in the cache, and wrote."""
    with connection:
        connection.execute(
            "UPDATE workflow_history SET units_in = ?, units_cached = ?, units_out = ? WHERE id = ?",
            (used, cached, out, run),
        )


def get(connection: sqlite3.Connection, workflow_id: str) -> dict[str, Any]:
    """Give the newest run of a workflow.  Raises UnknownWorkflow."""
    row = connection.execute(
        "SELECT * FROM workflow_history WHERE workflow_id = ? ORDER BY id DESC LIMIT 1", (workflow_id,)
    ).fetchone()
    if row is None:
        raise UnknownWorkflow(workflow_id)
    return _decoded(row)


def search(
    connection: sqlite3.Connection,
    *,
    text: str = "",
    status: str | None = None,
    limit: int = 20,
    offset: int = 0,
) -> tuple[list[dict[str, Any]], int]:
    """Give one page of the runs whose title or error holds the text, newest first, and how many there are."""
    where, values = "(title LIKE ? OR error_message LIKE ?)", [f"%{text}%", f"%{text}%"]
    if status is not None:
        where, values = f"{where} AND status = ?", [*values, status]
    total = connection.execute(f"SELECT COUNT(*) FROM workflow_history WHERE {where}", values).fetchone()[0]
    rows = connection.execute(
        f"SELECT * FROM workflow_history WHERE {where} ORDER BY created_at DESC, id DESC LIMIT ? OFFSET ?",
        (*values, limit, offset),
    )
    return [_decoded(row) for row in rows], total


def latest_by_title(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """Give the newest run of each title: SQLite takes the other columns from the row that holds the maximum."""
    rows = connection.execute(
        """
        SELECT title, workflow_id, status, MAX(id) AS id, COUNT(*)
          FROM workflow_history GROUP BY title ORDER BY title
        """
    )
    return [{**dict(row), "runs": row["COUNT(*)"]} for row in rows]


def status_counts(connection: sqlite3.Connection) -> dict[str, int]:
    rows = connection.execute("SELECT status, COUNT(*) FROM workflow_history GROUP BY status")
    return dict(rows.fetchall())


def recent_failures(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """Give the failures of the last seven days."""
    rows = connection.execute("SELECT * FROM recent_failures ORDER BY finished_at DESC, id DESC")
    return [dict(row) for row in rows]


def runs_since(connection: sqlite3.Connection, days: int) -> int:
    row = connection.execute(
        "SELECT COUNT(*) FROM workflow_history WHERE created_at >= datetime('now', ?)", (f"-{days} days",)
    ).fetchone()
    return int(row[0])


def failed_with(connection: sqlite3.Connection, code: int) -> list[str]:
    """Give the workflows whose result names this exit code."""
    rows = connection.execute(
        "SELECT workflow_id FROM workflow_history WHERE json_extract(result, '$.exit_code') = ? ORDER BY id",
        (code,),
    )
    return [row["workflow_id"] for row in rows]


def add_tags(connection: sqlite3.Connection, workflow_id: str, tags: list[str]) -> None:
    """Tag a workflow; a tag that it has already stays as it is."""
    with connection:
        connection.executemany(
            "INSERT OR IGNORE INTO workflow_tags (workflow_id, tag) VALUES (?, ?)",
            [(workflow_id, tag) for tag in tags],
        )


def tags_of(connection: sqlite3.Connection, workflow_id: str) -> list[str]:
    rows = connection.execute("SELECT tag FROM workflow_tags WHERE workflow_id = ? ORDER BY tag", (workflow_id,))
    return [row[0] for row in rows]


def tag_cloud(connection: sqlite3.Connection) -> dict[str, str]:
    """Give each tag with its workflows, joined by commas."""
    rows = connection.execute(
        """
        SELECT tag, GROUP_CONCAT(workflow_id, ',') AS workflows
          FROM (SELECT tag, workflow_id FROM workflow_tags ORDER BY tag, workflow_id) AS ordered
         GROUP BY tag
        """
    )
    return {row["tag"]: row["workflows"] for row in rows}


def add_note(connection: sqlite3.Connection, workflow_id: str, body: str, *, pinned: bool = False) -> int:
    with connection:
        cursor = connection.execute(
            "INSERT INTO workflow_notes (workflow_id, body, pinned) VALUES (?, ?, ?)", (workflow_id, body, pinned)
        )
    return new_id(cursor)


def notes_of(connection: sqlite3.Connection, workflow_id: str) -> list[dict[str, Any]]:
    """Give the notes of a workflow, pinned ones first."""
    rows = connection.execute(
        "SELECT id, body, pinned, created_at FROM workflow_notes WHERE workflow_id = ? ORDER BY pinned DESC, id",
        (workflow_id,),
    )
    return [dict(row) for row in rows]


def attach(connection: sqlite3.Connection, workflow_id: str, file_name: str, content: bytes) -> bool:
    """Keep a file with a workflow; False if the very same file is there already."""
    try:
        with connection:
            connection.execute(
                "INSERT INTO workflow_artifacts (workflow_id, file_name, content, sha256) VALUES (?, ?, ?, ?)",
                (workflow_id, file_name, content, hashlib.sha256(content).hexdigest()),
            )
    except sqlite3.IntegrityError:
        return False
    return True


def attachment(connection: sqlite3.Connection, workflow_id: str, file_name: str) -> bytes | None:
    """Give the newest content kept under this name."""
    row = connection.execute(
        "SELECT content FROM workflow_artifacts WHERE workflow_id = ? AND file_name = ? ORDER BY id DESC LIMIT 1",
        (workflow_id, file_name),
    ).fetchone()
    return None if row is None else bytes(row["content"])


def archive(connection: sqlite3.Connection, *, older_than_days: int) -> int:
    """Move finished runs out of the history; return how many were moved."""
    limit = f"-{older_than_days} days"
    with connection:
        connection.execute(
            """
            INSERT INTO workflow_archive (workflow_id, title, status, started_at, finished_at, actual_cost,
                                          snapshot)
            SELECT workflow_id, title, status, started_at, finished_at, actual_cost,
                   json_object('id', id, 'retry_count', retry_count, 'branch', branch)
              FROM workflow_history
             WHERE status IN (?, ?, ?) AND finished_at < datetime('now', ?)
            """,
            (*FINAL, limit),
        )
        cursor = connection.execute(
            "DELETE FROM workflow_history WHERE status IN (?, ?, ?) AND finished_at < datetime('now', ?)",
            (*FINAL, limit),
        )
    return cursor.rowcount


def _decoded(row: sqlite3.Row) -> dict[str, Any]:
    run = dict(row)
    run["result"] = None if run["result"] is None else json.loads(run["result"])
    run["is_scheduled"] = bool(run["is_scheduled"])
    return run
