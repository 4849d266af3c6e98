"""The phase queue: what has to run, in which order, and who is running it (phases.db)."""

from __future__ import annotations

import json
import sqlite3
import uuid
from typing import Any


def enqueue(
    connection: sqlite3.Connection,
    workflow_id: str,
    phases: list[str],
    *,
    priority: int = 50,
    payload: dict[str, Any] | None = None,
) -> list[str]:
    """Queue the phases of a workflow, each after the one before it; return their queue ids."""
    queue_ids: list[str] = []
    previous: int | None = None
    with connection:
        for number, name in enumerate(phases, start=1):
            queue_id = f"q-{uuid.uuid4().hex[:12]}"
            cursor = connection.execute(
                """
                INSERT INTO phase_queue (queue_id, workflow_id, phase_number, phase_name, status, priority,
                                         depends_on, payload)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                (
                    queue_id,
                    workflow_id,
                    number,
                    name,
                    "ready" if previous is None else "queued",
                    priority,
                    previous,
                    json.dumps(payload or {}),
                ),
            )
            previous = cursor.lastrowid
            queue_ids.append(queue_id)
    return queue_ids


def claim(connection: sqlite3.Connection, worker: str) -> dict[str, Any] | None:
    """Take the most urgent phase that is ready; None if there is none.

    BEGIN IMMEDIATE takes SQLite's one write lock before looking, so that two workers never see the same phase free.
    """
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        row = connection.execute(
            "SELECT * FROM phase_queue WHERE status = 'ready' ORDER BY priority DESC, id LIMIT 1"
        ).fetchone()
        if row is None:
            return None
        connection.execute(
            """
            UPDATE phase_queue
               SET status = 'running', claimed_by = ?, claimed_at = datetime('now'), attempts = attempts + 1
             WHERE id = ?
            """,
            (worker, row["id"]),
        )
    return {**dict(row), "status": "running", "claimed_by": worker, "payload": json.loads(row["payload"])}


def complete(connection: sqlite3.Connection, queue_id: str, result: bytes = b"") -> list[str]:
    """Mark a phase as done and make ready what waited for it; return the queue ids made ready."""
    with connection:
        connection.execute(
            """
            UPDATE phase_queue
               SET status = 'completed', finished_at = datetime('now'), result = ?
             WHERE queue_id = ?
            """,
            (result, queue_id),
        )
        ready = connection.execute(
            """
            UPDATE phase_queue SET status = 'ready'
             WHERE status = 'queued' AND depends_on = (SELECT id FROM phase_queue WHERE queue_id = ?)
            RETURNING queue_id
            """,
            (queue_id,),
        ).fetchall()
    return [row["queue_id"] for row in ready]


def fail(connection: sqlite3.Connection, queue_id: str) -> int:
    """Mark a phase as failed and block everything that comes after it; return how many were blocked."""
    with connection:
        connection.execute(
            "UPDATE phase_queue SET status = 'failed', finished_at = datetime('now') WHERE queue_id = ?",
            (queue_id,),
        )
        cursor = connection.execute(
            """
            UPDATE phase_queue SET status = 'blocked'
             WHERE queue_id <> ?
               AND id IN (WITH RECURSIVE after_it (id) AS (
                              SELECT id FROM phase_queue WHERE queue_id = ?
                              UNION
                              SELECT q.id FROM phase_queue q JOIN after_it a ON q.depends_on = a.id
                          )
                          SELECT id FROM after_it)
            """,
            (queue_id, queue_id),
        )
    return cursor.rowcount


def release_stale(connection: sqlite3.Connection, *, minutes: int) -> int:
    """Give phases back whose worker has not reported for so long; return how many."""
    with connection:
        cursor = connection.execute(
            """
            UPDATE phase_queue SET status = 'ready', claimed_by = NULL, claimed_at = NULL
             WHERE status = 'running' AND claimed_at < datetime('now', '-' || ? || ' minutes')
            """,
            (minutes,),
        )
    return cursor.rowcount


def phases_of(connection: sqlite3.Connection, workflow_id: str) -> list[dict[str, Any]]:
    rows = connection.execute(
        """
        SELECT queue_id, phase_number, phase_name, status, attempts, claimed_by
          FROM phase_queue WHERE workflow_id = ? ORDER BY phase_number
        """,
        (workflow_id,),
    )
    return [dict(row) for row in rows]


def left(connection: sqlite3.Connection, workflow_id: str) -> int:
    """Count the phases of a workflow that have not ended."""
    row = connection.execute(
        """
        SELECT COUNT(*) FROM phase_queue
         WHERE workflow_id = ? AND status NOT IN ('completed', 'failed', 'blocked')
        """,
        (workflow_id,),
    ).fetchone()
    return int(row[0])


def depth(connection: sqlite3.Connection) -> dict[str, int]:
    """Count the phases by status."""
    rows = connection.execute("SELECT status, COUNT(*) FROM phase_queue GROUP BY status")
    return {row[0]: row[1] for row in rows}


def remove(connection: sqlite3.Connection, queue_id: str) -> bool:
    """Delete a phase and, through the foreign key, everything that waits for it.

    The connection must have been opened with foreign keys on.
    """
    with connection:
        cursor = connection.execute("DELETE FROM phase_queue WHERE queue_id = ?", (queue_id,))
    return cursor.rowcount == 1


def lock(connection: sqlite3.Connection, name: str, owner: str, *, minutes: int = 10) -> bool:
    """Take a named lock; False if someone else holds it and it has not expired."""
    with connection:
        connection.execute("DELETE FROM phase_locks WHERE lock_name = ? AND expires_at < datetime('now')", (name,))
    try:
        with connection:
            connection.execute(
                "INSERT INTO phase_locks (lock_name, owner, expires_at) VALUES (?, ?, datetime('now', ?))",
                (name, owner, f"{minutes:+d} minutes"),
            )
    except sqlite3.IntegrityError:
        return False
    return True


def unlock(connection: sqlite3.Connection, name: str, owner: str) -> bool:
    with connection:
        cursor = connection.execute("DELETE FROM phase_locks WHERE lock_name = ? AND owner = ?", (name, owner))
    return cursor.rowcount == 1
