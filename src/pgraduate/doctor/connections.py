"""Connections: every limit that a new one meets, who holds the others, and how this one is protected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg

from pgraduate.doctor.diagnosis import Diagnosis, NextStep, steps_of
from pgraduate.doctor.questions import ask, ask_all
from pgraduate.health import HealthFinding, Pool, Snapshot
from pgraduate.model.figure import Figure
from pgraduate.model.finding import Severity

ORDER = {
    "IDLE_IN_TRANSACTION": 0,
    "LOCK_CHAIN": 0,
    "LONG_TRANSACTION": 1,
    "ROLE_LIMIT_REACHED": 2,
    "DATABASE_LIMIT_REACHED": 2,
    "PASSWORD_EXPIRED": 2,
    "CONNECTIONS_RUN_OUT": 3,
    "POOLS_TOO_LARGE": 4,
    "PLAINTEXT": 5,
}
_NEAR = 0.9
_MOST = 10
_SYSTEM_USER = 160000

NEVER = (
    "Do not raise max_connections first: each connection costs memory, and a server with too many is slower for all.",
    "Do not open a connection per request: a pool that waits is faster than a server that refuses.",
)


def connections(connection: psycopg.Connection, now: Snapshot, pool: Pool | None, step: str) -> Diagnosis:
    """Say what stands between an application and its connections, asked over one that came through."""
    limits = ask(connection, "limits") or {}
    findings = (*(item for item in now.findings if item.code in ORDER), *_own_findings(connection, limits))
    method = _method(connection)
    blind = [line for item in now.examined if item.check == "connections" for line in item.blind]
    if method is None:
        blind.append("how this role proved who it is: servers tell from version 16 on")
    maximum, used = limits.get("maximum"), limits.get("used")
    figures = (
        Figure("in use", used, "", step),
        Figure("of", maximum, "", step),
        Figure("kept for superusers", limits.get("reserved"), "", step),
        Figure("in use in this database", limits.get("used_here"), "", step),
        Figure("in use by this role", limits.get("used_by_role"), "", step),
        Figure("the application's pools", pool.connections if pool else None, "", step),
        *(Figure(_holder(row), row["connections"], "", step) for row in ask_all(connection, "holders")[:_MOST]),
    )
    return Diagnosis(
        "connections",
        f"This connection came through{_protection(connection)}{f', proven by {method}' if method else ''}.",
        figures=figures,
        findings=findings,
        steps=tuple(_steps(findings)),
        never=NEVER,
        blind=tuple(blind),
    )


def _holder(row: dict[str, Any]) -> str:
    """Name who holds connections; the server hides state and application of other roles from a plain one."""
    doing = row["state"] or "doing what is hidden from this role"
    return f"held by {row['role'] or 'a hidden role'}, {row['application'] or 'no application_name'}, {doing}"


def _protection(connection: psycopg.Connection) -> str:
    if connection.info.host.startswith(("/", "@")):
        return " over a local socket"
    row = ask(connection, "tls")
    return f" over {row['version']}" if row and row["ssl"] else " without TLS"


def _method(connection: psycopg.Connection) -> str | None:
    """Name the authentication method; no identity is shown."""
    if connection.info.server_version < _SYSTEM_USER:
        return None
    row = connection.execute("SELECT system_user").fetchone()
    return str(row[0]).partition(":")[0] if row and row[0] else "trust"


def _own_findings(connection: psycopg.Connection, limits: dict[str, Any]) -> Iterator[HealthFinding]:
    role, database = connection.info.user, connection.info.dbname
    for code, where, limit, used in (
        ("ROLE_LIMIT_REACHED", f"role {role}", limits.get("role_limit"), limits.get("used_by_role")),
        ("DATABASE_LIMIT_REACHED", f"database {database}", limits.get("database_limit"), limits.get("used_here")),
    ):
        if limit is not None and used is not None and used >= _NEAR * limit:
            yield HealthFinding(
                code,
                Severity.WARNING,
                where,
                f"{used} of its own limit of {limit} connections are in use",
                "further ones are refused although the server has room",
                "",
                "ALTER ROLE or ALTER DATABASE … CONNECTION LIMIT raises it at once",
            )
    if limits.get("expired"):
        yield HealthFinding(
            "PASSWORD_EXPIRED",
            Severity.ERROR,
            f"role {role}",
            "the password's VALID UNTIL is over",
            "new connections with a password are refused, old ones live on",
            "",
            "ALTER ROLE … VALID UNTIL, by an administrator",
        )
    if not connection.info.host.startswith(("/", "@")) and not connection.pgconn.ssl_in_use:
        yield HealthFinding(
            "PLAINTEXT",
            Severity.NOTICE,
            f"{connection.info.host}:{connection.info.port}",
            "this connection is not encrypted",
            "whoever is on the way reads rows and may read passwords",
            "",
            "ssl = on in the server, then sslmode=verify-full in the clients",
        )


def _steps(findings: tuple[HealthFinding, ...]) -> Iterator[NextStep]:
    yield NextStep(
        "Look at who holds the connections, and what for",
        "SELECT usename, application_name, state, count(*), max(now() - state_change) AS longest"
        " FROM pg_stat_activity WHERE backend_type = 'client backend' GROUP BY 1, 2, 3 ORDER BY 4 DESC;",
        "reads only",
    )
    yield from steps_of(findings, ORDER)
