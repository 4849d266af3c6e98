"""All checks, and how they are run: read-only, one transaction each, and none may wait behind a lock.

What a role may not ask, or what takes too long, is told as not examined; it never passes as healthy.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import psycopg

from pgraduate.errors import UsageError
from pgraduate.health.check import Check
from pgraduate.health.checks.amcheck import Amcheck
from pgraduate.health.checks.archiver import Archiver
from pgraduate.health.checks.cache_hit import CacheHit
from pgraduate.health.checks.checkpoints import Checkpoints
from pgraduate.health.checks.collations import Collations
from pgraduate.health.checks.connections import Connections
from pgraduate.health.checks.counted_keys import CountedKeys
from pgraduate.health.checks.counters import Counters
from pgraduate.health.checks.dead_rows import DeadRows
from pgraduate.health.checks.disk import DiskSpace
from pgraduate.health.checks.duplicate_indexes import DuplicateIndexes
from pgraduate.health.checks.extensions import Extensions
from pgraduate.health.checks.foreign_keys import ForeignKeys
from pgraduate.health.checks.horizon import Horizon
from pgraduate.health.checks.index_bloat import IndexBloat
from pgraduate.health.checks.invalid_constraints import InvalidConstraints
from pgraduate.health.checks.invalid_indexes import InvalidIndexes
from pgraduate.health.checks.lock_chains import LockChains
from pgraduate.health.checks.replication import Replication
from pgraduate.health.checks.replication_slots import ReplicationSlots
from pgraduate.health.checks.sequences import Sequences
from pgraduate.health.checks.sessions import Sessions
from pgraduate.health.checks.settings import Settings
from pgraduate.health.checks.statistics import Statistics
from pgraduate.health.checks.table_bloat import TableBloat
from pgraduate.health.checks.unlogged_tables import UnloggedTables
from pgraduate.health.checks.unused_indexes import UnusedIndexes
from pgraduate.health.checks.wraparound import Wraparound
from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination

CHECKS: Sequence[Check] = (
    Settings(),
    Counters(),
    Wraparound(),
    Horizon(),
    Sessions(),
    LockChains(),
    Connections(),
    DiskSpace(),
    Archiver(),
    ReplicationSlots(),
    Replication(),
    Checkpoints(),
    CacheHit(),
    DeadRows(),
    Statistics(),
    TableBloat(),
    IndexBloat(),
    InvalidIndexes(),
    InvalidConstraints(),
    DuplicateIndexes(),
    UnusedIndexes(),
    ForeignKeys(),
    Sequences(),
    CountedKeys(),
    UnloggedTables(),
    Collations(),
    Extensions(),
    Amcheck(),
)
"""Every check, the most urgent first."""

LIMIT_SECONDS = 300
"""How long one check may take, unless the caller says otherwise."""


def run_checks(
    connection: psycopg.Connection,
    facts: Facts,
    names: Iterable[str] | None = None,
    *,
    on_demand: bool = False,
    limit_seconds: int = LIMIT_SECONDS,
) -> tuple[Examination, ...]:
    """Run the named checks, by default all but those on demand; the connection is in autocommit.

    Raises UsageError for a name that no check has.
    """
    return tuple(_run(connection, facts, check, limit_seconds) for check in _chosen(names, on_demand))


def _chosen(names: Iterable[str] | None, on_demand: bool) -> list[Check]:
    if names is None:
        return [check for check in CHECKS if on_demand or not check.on_demand]
    known = {check.name: check for check in CHECKS}
    wanted = list(names)
    for name in wanted:
        if name not in known:
            raise UsageError(f"there is no check '{name}'", hint="known are: " + ", ".join(known))
    return [check for check in CHECKS if check.name in wanted]


def _run(connection: psycopg.Connection, facts: Facts, check: Check, limit_seconds: int) -> Examination:
    try:
        with connection.transaction():
            connection.execute("SET TRANSACTION READ ONLY")
            connection.execute("SET LOCAL lock_timeout = '1s'")
            connection.execute(f"SET LOCAL statement_timeout = '{limit_seconds}s'".encode())
            return check.run(connection, facts)
    except psycopg.errors.InsufficientPrivilege as error:
        return _not_examined(check, f"role {facts.role} may not ask: {error.diag.message_primary}")
    except psycopg.errors.QueryCanceled:
        return _not_examined(check, f"it took longer than {limit_seconds} seconds")
    except psycopg.errors.LockNotAvailable:
        return _not_examined(check, "another session holds a lock on what it reads")


def _not_examined(check: Check, reason: str) -> Examination:
    return Examination(check.name, 0, "", skipped=reason)
