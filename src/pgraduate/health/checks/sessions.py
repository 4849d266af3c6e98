"""Sessions that stay too long: in a statement, in a transaction, or idle inside one."""

from __future__ import annotations

from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import Row, ask
from pgraduate.model.figure import render
from pgraduate.model.finding import Severity

_IDLE = ("idle in transaction", "idle in transaction (aborted)")


class Sessions:
    name: ClassVar[str] = "sessions"
    title: ClassVar[str] = "Long statements, long transactions, idle in transaction"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, facts: Facts, /) -> Examination:
        rows = ask(connection, self.name)
        visible = [row for row in rows if row["state"] is not None]
        found = tuple(finding for row in visible if (finding := _finding(row, facts)) is not None)
        return Examination(
            self.name, len(visible), "sessions", found, hidden_sessions(len(rows) - len(visible), facts)
        )


def hidden_sessions(count: int, facts: Facts) -> tuple[str, ...]:
    """Say how many sessions of other roles stay hidden from this one."""
    if not count:
        return ()
    hidden = "1 session of another role is" if count == 1 else f"{count} sessions of other roles are"
    return (f"{hidden} hidden from {facts.role}; pg_read_all_stats would show them",)


def _finding(row: Row, facts: Facts) -> HealthFinding | None:
    limits = facts.thresholds
    if row["state"] in _IDLE:
        seconds = row["state_seconds"]
        if seconds < limits.idle_warning:
            return None
        severity = Severity.ERROR if seconds >= limits.idle_error else Severity.WARNING
        return _about(
            row,
            "IDLE_IN_TRANSACTION",
            severity,
            f"has been idle inside a transaction for {render(seconds, 'seconds')}",
            "it keeps its locks, and no dead row that it could see is removed anywhere in the database",
            f"SELECT pg_terminate_backend({row['pid']});",
            "its transaction is rolled back; the application sees a closed connection",
        )
    if row["state"] == "active" and row["query_seconds"] >= limits.long_query:
        return _about(
            row,
            "LONG_STATEMENT",
            Severity.WARNING,
            f"has been in one statement for {render(row['query_seconds'], 'seconds')}",
            "it uses memory and processor, and may hold locks and an old snapshot",
            f"SELECT pg_cancel_backend({row['pid']});",
            "the statement fails; the application has to handle that",
        )
    if row["transaction_seconds"] is not None and row["transaction_seconds"] >= limits.long_transaction:
        return _about(
            row,
            "LONG_TRANSACTION",
            Severity.WARNING,
            f"has been in one transaction for {render(row['transaction_seconds'], 'seconds')}",
            "it keeps its locks, and may keep dead rows from being removed",
            f"SELECT pg_terminate_backend({row['pid']});",
            "its transaction is rolled back; the application sees a closed connection",
        )
    return None


def _about(row: Row, code: str, severity: Severity, what: str, why: str, command: str, risk: str) -> HealthFinding:
    where = f"session {row['pid']} of role {row['role']} ({row['application'] or 'no application_name'})"
    return HealthFinding(code, severity, where, what, why, command, risk, {"pid": row["pid"], "role": row["role"]})
