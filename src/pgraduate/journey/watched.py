"""The statements that took the most time, with their plans, for the snapshot that a later doctor compares with.

Only the statements that pg_stat_statements writes with placeholders are taken: a utility statement is kept as it was
typed, and may hold a secret.
"""

from __future__ import annotations

from typing import Any

import psycopg

from pgraduate.health.snapshot import StatementPlan
from pgraduate.tune.indexes.planner import explain
from pgraduate.workload.snapshots import Activity, between, state, take

TOP = 20
_NORMALIZED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "MERGE", "VALUES")


def watched_statements(connection: psycopg.Connection) -> tuple[StatementPlan, ...]:
    """Give the most expensive statements since the counters began, () where pg_stat_statements is not at work."""
    if state(connection) != "ready":
        return ()
    activity = [item for item in between(None, take(connection)) if _is_normalized(item.text)]
    return tuple(_planned(connection, item) for item in activity[:TOP])


def _is_normalized(text: str) -> bool:
    return text.lstrip("( \n\t").upper().startswith(_NORMALIZED)


def _planned(connection: psycopg.Connection, item: Activity) -> StatementPlan:
    counters = item.counters
    return StatementPlan(
        fingerprint=item.id,
        text=item.text,
        calls=int(counters.calls),
        mean_ms=round(1000 * counters.seconds / counters.calls, 3),
        total_ms=round(1000 * counters.seconds, 3),
        rows=int(counters.rows),
        plan=_plan(connection, item.text),
    )


def _plan(connection: psycopg.Connection, text: str) -> dict[str, Any] | None:
    try:
        with connection.transaction(force_rollback=True):
            return explain(connection, text)
    except psycopg.Error:
        return None  # of another schema, or of a table that is gone: it has times and no plan
