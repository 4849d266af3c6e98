"""The first contact with the server: who answers, whether it can serve this application, and what every session needs.

The invariant: what would fail later, under load and without a name, fails here: a server that is too old, text in another
encoding, more connections than the server has, a pooler whose sessions would spell values in another way.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, LiteralString

from pgraduate.errors import TargetUnusable

if TYPE_CHECKING:
    import psycopg

    from pgraduate.dbapi.limits import Limits
    from pgraduate.postgres.target import Target

APPLICATION = "pgraduate/dbapi"
_LOGGER = logging.getLogger("pgraduate.dbapi")
_SET: LiteralString = "SELECT set_config(%s, %s, false)"
_REPORTED = frozenset(("TimeZone", "DateStyle", "standard_conforming_strings"))
"""Settings that the server reports when they change: a pooler in transaction mode keeps them for each client."""


@dataclass(frozen=True, slots=True)
class Server:
    """`pooled` says that a pooler stands between; `slots` are the connections that the role may have, None behind one."""

    version: str
    role: str
    database: str
    host: str
    pooled: bool
    slots: int | None

    def __str__(self) -> str:
        by = " through a pooler" if self.pooled else ""
        return f"PostgreSQL {self.version} at {self.host}, database {self.database}, role {self.role}{by}"


def meet(target: Target, limits: Limits) -> Server:
    """Connect once and find out.

    Raises TargetUnusable where the server cannot be reached, cannot hold the result, can never give
    `limits.most` connections to each of `limits.workers` processes, or stands behind a pooler whose sessions differ.
    """
    import psycopg

    try:
        with target.open(APPLICATION) as connection:
            return _facts(connection, target, limits)
    except psycopg.Error as error:
        raise target.unreachable(error) from None


def _facts(connection: psycopg.Connection, target: Target, limits: Limits) -> Server:
    row = connection.execute(_sql("server")).fetchone()
    assert row is not None
    backend, version, role, database, slots, strangers = row
    # A pooler answers with a process number of its own.
    pooled = connection.info.backend_pid != backend
    server = Server(
        version=str(version).split()[0],
        role=role,
        database=database,
        host=connection.info.host or "the local socket",
        pooled=pooled,
        slots=None if pooled else int(slots),
    )
    if not pooled:
        _require_room(server.slots or 0, int(strangers or 0), limits, target)
    prepare(connection, pooled=pooled)
    return server


def prepare(connection: psycopg.Connection, *, pooled: bool) -> None:
    """Give a session the settings that the runtime reads values by; the connection is in autocommit.

    Behind a pooler only what it keeps for each client is set; TargetUnusable names what the role must set instead.
    """
    for name, wanted in connection.execute(_sql("session"), (pooled,)).fetchall():
        if pooled and name not in _REPORTED:
            raise TargetUnusable(
                f"the pooler's sessions have another {name} than the runtime reads values by, and it cannot be set there",
                where=f"{connection.info.host}:{connection.info.port}",
                hint=f"ALTER ROLE {connection.info.user} SET {name} = '{wanted}', or connect to the server itself",
            )
        connection.execute(_SET, (name, wanted))


def _require_room(slots: int, strangers: int, limits: Limits, target: Target) -> None:
    wanted = limits.most * limits.workers
    asked = f"{limits.workers} × {limits.most} connections (POSTGRES_POOL_WORKERS × POSTGRES_POOL_MAX)"
    if wanted > slots:
        raise TargetUnusable(
            f"the application may ask for {asked}, and the server has {slots} for this role",
            where=target.conninfo,
            hint="lower POSTGRES_POOL_MAX, raise max_connections, or put PgBouncer between",
        )
    if wanted > slots - strangers:
        _LOGGER.warning(
            "the application may ask for %s; the server has %d for this role, and others hold %d at the moment",
            asked,
            slots,
            strangers,
        )


def _sql(name: str) -> bytes:
    return files("pgraduate.dbapi").joinpath("sql", f"{name}.sql").read_bytes()
