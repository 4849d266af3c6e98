"""What a server's own troubles mean for the one who waits: lost connections, locks, full disks, want of memory.

The message of a PostgreSQL error may quote a row's value; what is said here is made of its SQLSTATE and of the names of
objects alone.
"""

from __future__ import annotations

import psycopg

from pgraduate.errors import ConnectionLost, Locked, PgraduateError, TargetUnusable

_LOST = ("08", "57P0")
"""The SQLSTATEs of a connection that ended: connection exceptions, and servers that shut down or crash."""

STAYS = "what was committed stays, and the same command goes on from there"


def trouble(error: psycopg.Error) -> PgraduateError | None:
    """Say what an error of the server's operation means; None for an error about a statement or a value."""
    state, name = error.sqlstate, type(error).__name__
    if isinstance(error, psycopg.OperationalError) and (state or "08").startswith(_LOST):
        return ConnectionLost(
            f"the connection to the target was lost ({state or name})",
            hint="the same command goes on from what was committed last",
        )
    match error:
        case psycopg.errors.LockNotAvailable():
            return Locked(
                f"another session holds a lock that this step waited for ({state} {name})",
                where=place(error),
                hint=f"`pgraduate status` and pg_locks show who; wait until that session has ended; {STAYS}",
            )
        case psycopg.errors.DiskFull():
            return TargetUnusable(
                f"the server's disk is full ({state} {name})", hint=f"make room on the server; {STAYS}"
            )
        case psycopg.errors.OutOfMemory() | psycopg.errors.InsufficientResources():
            return TargetUnusable(f"the server cannot go on ({state} {name})", hint=f"see its log; {STAYS}")
        case psycopg.OperationalError():
            return TargetUnusable(f"the server cannot go on ({state} {name})", hint=f"see its log; {STAYS}")
    return None


def place(error: psycopg.Error) -> str | None:
    """Name the object that an error is about; COPY's context has table, line and column and no value."""
    diagnosis = error.diag
    named = ".".join(
        name for name in (diagnosis.schema_name, diagnosis.table_name, diagnosis.column_name) if name is not None
    )
    return named or (diagnosis.context.splitlines()[0].split(":")[0] if diagnosis.context else None)
