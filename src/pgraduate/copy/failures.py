"""What PostgreSQL says about a failed load, without any row's value.

The primary message of some errors quotes the offending value; the SQLSTATE and COPY's context (in the binary
format: table, line and column) do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from pgraduate.errors import Interrupted, PgraduateError, TargetUnusable


@contextmanager
def explained() -> Iterator[None]:
    """Turn psycopg's errors into errors that a user can act on."""
    try:
        yield
    except psycopg.Error as error:
        raise _explain(error) from None


_LOST = ("08", "57P0")
"""The SQLSTATEs of a connection that ended: connection exceptions, and servers that shut down or crash."""


def _explain(error: psycopg.Error) -> PgraduateError:
    name = type(error).__name__
    if isinstance(error, psycopg.OperationalError) and (error.sqlstate or "08").startswith(_LOST):
        return Interrupted(
            f"the connection to the target was lost ({error.sqlstate or name})",
            hint="the same command goes on from the last committed chunk",
        )
    diagnosis = error.diag
    where = _place(diagnosis.context, diagnosis.schema_name, diagnosis.table_name, diagnosis.column_name)
    match error:
        case psycopg.errors.LockNotAvailable():
            what, hint = "another session holds a lock on a table of the load", "wait until that session has ended"
        case psycopg.errors.InsufficientPrivilege():
            what, hint = "the role may not write here", "copy as the owner of the schema; see `--to`"
        case psycopg.errors.OperationalError():
            what, hint = "the server cannot go on", "see its log: space, memory or connections"
        case _:
            what, hint = "PostgreSQL refuses a row", "assess the source and make the schema again"
    return TargetUnusable(
        f"{what} ({error.sqlstate} {name})", where=where, hint=f"{hint}; what was committed stays"
    )


def _place(context: str | None, *names: str | None) -> str | None:
    named = ".".join(name for name in names if name)
    return named or (context.splitlines()[0].split(":")[0] if context else None)
