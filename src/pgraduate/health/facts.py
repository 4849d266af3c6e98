"""What the checks have to know about the server and about what the caller alone can tell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import psycopg

from pgraduate.health.questions import ask
from pgraduate.health.thresholds import DEFAULT, Thresholds


@dataclass(frozen=True, slots=True)
class Pool:
    """An application's pool: `size` connections in each of `workers` processes."""

    size: int
    workers: int

    @property
    def connections(self) -> int:
        return self.size * self.workers


@dataclass(frozen=True, slots=True)
class Disk:
    """The file system that holds the server's data, in bytes; `total` is None where only the free part is known."""

    total: int | None
    free: int


@dataclass(frozen=True, slots=True)
class SizePoint:
    """How many bytes all databases of the server had at a moment."""

    at: datetime
    bytes: int


@dataclass(frozen=True, slots=True)
class Facts:
    """`extensions` maps an installed extension to its schema; `observed_since` is from when on the counters count what
    an application does: the latest of the server's start, the last reset of statistics and the last finished run."""

    version: int
    database: str
    role: str
    sees_all: bool
    """Whether the role sees the sessions of other roles: a superuser or a member of pg_read_all_stats."""
    in_recovery: bool
    now: datetime
    started: datetime
    observed_since: datetime
    extensions: Mapping[str, str]
    thresholds: Thresholds = DEFAULT
    pool: Pool | None = None
    disk: Disk | None = None
    history: Sequence[SizePoint] = field(default_factory=tuple)
    """Sizes that earlier checks recorded, oldest first."""

    @property
    def observed_seconds(self) -> float:
        return (self.now - self.observed_since).total_seconds()


def gather(
    connection: psycopg.Connection,
    *,
    thresholds: Thresholds = DEFAULT,
    pool: Pool | None = None,
    disk: Disk | None = None,
    history: Sequence[SizePoint] = (),
) -> Facts:
    """Ask the server who it is; what it cannot know is handed through."""
    (row,) = ask(connection, "facts")
    extensions = {item["name"]: item["schema"] for item in ask(connection, "extensions")}
    since = max(row["started"], row["stats_reset"] or row["started"], _last_run(connection) or row["started"])
    return Facts(
        version=row["version"],
        database=row["database"],
        role=row["role"],
        sees_all=row["sees_all"],
        in_recovery=row["in_recovery"],
        now=row["now"],
        started=row["started"],
        observed_since=since,
        extensions=extensions,
        thresholds=thresholds,
        pool=pool,
        disk=disk,
        history=tuple(history),
    )


def _last_run(connection: psycopg.Connection) -> datetime | None:
    """Give when pgraduate last finished loading this database; None where it did not, or may not be asked."""
    readable = connection.execute(
        "SELECT coalesce(has_table_privilege(to_regclass('pgraduate.run'), 'SELECT'), false)"
        " AND has_schema_privilege(to_regnamespace('pgraduate'), 'USAGE')"
    ).fetchone()
    if not (readable and readable[0]):
        return None
    row = connection.execute("SELECT max(finished) FROM pgraduate.run").fetchone()
    return row[0] if row else None
