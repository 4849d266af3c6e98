"""Trying a right without using it: a statement that touches no row, in a savepoint that is rolled back.

A privilege function says what is granted; only a statement says what works, because the schema, a read-only
setting or a missing column grant stand in between.  The invariant: a probe runs nobody's code.  Where a trigger,
a rule or an event trigger would fire without a row, the statement is planned (EXPLAIN), which checks the same
permissions and executes nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Literal

import psycopg

from pgraduate.errors import TargetUnusable
from pgraduate.postgres.identifiers import qualified, quote

Privilege = Literal["SELECT", "INSERT", "UPDATE", "DELETE"]


def attempt(connection: psycopg.Connection, statement: str, *, plan_only: bool = False) -> str | None:
    """Run a statement, or only plan it, and take it back; give the SQLSTATE of a refusal, None where it works.

    Raises TargetUnusable where a lock or a lost connection left the question open.
    """
    try:
        with connection.transaction(force_rollback=True):
            connection.execute((f"EXPLAIN {statement}" if plan_only else statement).encode())
    except (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled) as error:
        raise TargetUnusable(
            f"another session holds a lock ({error.sqlstate})",
            where=f"database {connection.info.dbname}",
            hint="ask again when it has ended",
        ) from None
    except psycopg.Error as error:
        if error.sqlstate is None or connection.broken:
            raise TargetUnusable(
                "the connection was lost while rights were tried", where=f"database {connection.info.dbname}"
            ) from None
        return error.sqlstate
    return None


def statement(privilege: Privilege, schema: str, name: str, columns: Sequence[str]) -> str:
    """Write a statement that needs one privilege on every column of a relation, and on no row."""
    relation, names = qualified(schema, name), [quote(column) for column in columns]
    match privilege:
        case "SELECT":
            return f"SELECT * FROM {relation} LIMIT 0"
        case "INSERT" if names:
            return (
                f"INSERT INTO {relation} ({', '.join(names)}) SELECT {', '.join(['NULL'] * len(names))} WHERE false"
            )
        case "INSERT":
            return f"INSERT INTO {relation} SELECT WHERE false"
        case "UPDATE":
            return f"UPDATE {relation} SET {', '.join(f'{item} = NULL' for item in names)} WHERE false"
        case "DELETE":
            return f"DELETE FROM {relation} WHERE false"


def creation(kind: str, name: str) -> str:
    """Write the statement that makes an object in a schema, or a schema in the database."""
    probe = f"pgraduate_probe_{secrets.token_hex(4)}"
    return f"CREATE TABLE {qualified(name, probe)} ()" if kind == "schema" else f"CREATE SCHEMA {quote(probe)}"
