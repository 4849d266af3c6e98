"""The phase worker: take a phase from the queue, run its tool, keep what happened in phases.db.

python -m app.worker            works until it is stopped
"""

from __future__ import annotations

import os
import sqlite3
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from app.db import Databases, connect
from app.repositories import costs, queue, tools

Tool = Callable[[str, str], bytes]
"""Run one phase of one workflow and return its output; raise RuntimeError if it fails."""


def rehearse(workflow_id: str, phase: str) -> bytes:
    """Stand in for a real tool: succeed at once."""
    return f"{workflow_id}: {phase} done\n".encode()


def run_once(connection: sqlite3.Connection, worker: str, tool: Tool = rehearse) -> str | None:
    """Run the next phase that is ready; return its queue id, or None if nothing was ready."""
    phase = queue.claim(connection, worker)
    if phase is None:
        return None
    workflow_id, name, queue_id = phase["workflow_id"], phase["phase_name"], phase["queue_id"]
    _begin(connection, workflow_id, worker)
    began = time.monotonic()
    try:
        output, success = tool(workflow_id, name), True
    except RuntimeError as error:
        output, success = str(error).encode(), False
    tools.record_call(
        connection,
        f"call-{uuid.uuid4().hex[:16]}",
        workflow_id,
        name,
        arguments={"queue_id": queue_id, "attempt": phase["attempts"] + 1},
        output=output,
        success=success,
        duration_ms=round((time.monotonic() - began) * 1000),
    )
    costs.add(connection, workflow_id, name, "worker", units=len(output), unit_price=1e-6)
    if success:
        queue.complete(connection, queue_id, output)
    else:
        queue.fail(connection, queue_id)
    _end(connection, workflow_id, worker, success)
    return str(queue_id)


def _begin(connection: sqlite3.Connection, workflow_id: str, worker: str) -> None:
    with connection:
        connection.execute(
            """
            INSERT INTO workflow_history (workflow_id, title, status, started_at, worker)
            SELECT ?, ?, 'running', datetime('now'), ?
             WHERE NOT EXISTS (SELECT 1 FROM workflow_history WHERE workflow_id = ?)
            """,
            (workflow_id, f"Phases of {workflow_id}", worker, workflow_id),
        )


def _end(connection: sqlite3.Connection, workflow_id: str, worker: str, success: bool) -> None:
    with connection:
        connection.execute(
            """
            UPDATE workflow_history
               SET steps_completed = steps_completed + ?, worker = ?
             WHERE workflow_id = ?
            """,
            (success, worker, workflow_id),
        )
        if not success or queue.left(connection, workflow_id) == 0:
            connection.execute(
                "UPDATE workflow_history SET status = ?, finished_at = datetime('now') WHERE workflow_id = ?",
                ("completed" if success else "failed", workflow_id),
            )


def main() -> None:
    databases = Databases(Path(os.environ.get("WORKFLOWS_DATA", "data")))
    databases.create()
    worker = f"worker-{os.getpid()}"
    connection = connect(databases.phases)
    try:
        while True:
            if run_once(connection, worker) is None:
                queue.release_stale(connection, minutes=30)
                time.sleep(1.0)
    except KeyboardInterrupt:
        print(f"{worker} stopped")
    finally:
        connection.close()


if __name__ == "__main__":
    main()
