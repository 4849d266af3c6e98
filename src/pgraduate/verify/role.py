"""Proving what a role can do in the target, without leaving a trace.

Everything happens in one transaction that is rolled back, under `SET LOCAL ROLE`; each right is asked of the
catalog and then tried.  Sequences and functions are asked only: to try them would advance the one and run the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from pgraduate.compat import SCHEMA as COMPAT_SCHEMA
from pgraduate.errors import Refused
from pgraduate.postgres.identifiers import quote
from pgraduate.verify.probes import Privilege, attempt, creation, statement
from pgraduate.verify.scripts import script

LOCK_TIMEOUT = "5s"
"""A probe waits no longer for a lock: whoever queues behind it would wait as well."""


@dataclass(frozen=True, slots=True)
class Right:
    """One right on one object.  `granted` is what the catalog says, `can` what is true in the end.

    `tried` tells how: executed without a row, planned only (something would have fired), or asked of the catalog.
    """

    kind: str
    """table, view, sequence, function, schema or database."""
    name: str
    privilege: str
    can: bool
    granted: Literal["all", "columns", "none"]
    tried: Literal["executed", "planned", "asked"]
    refusal: str | None = None
    """The SQLSTATE by which the server refused the attempt."""


@dataclass(frozen=True, slots=True)
class RowSecurity:
    """Row-level security of one table; `applies` says whether it filters what this role sees and writes."""

    table: str
    forced: bool
    applies: bool
    policies: int


@dataclass(frozen=True, slots=True)
class RoleReport:
    role: str
    superuser: bool
    bypasses_row_security: bool
    can_login: bool
    assumed: Literal["set role", "own connection"]
    rights: tuple[Right, ...]
    row_security: tuple[RowSecurity, ...]


def prove_role(connection: psycopg.Connection, role: str, schemas: Sequence[str]) -> RoleReport:
    """Say what a role can do with everything in some schemas, with the compat functions and with the database.

    Raises Refused for a role that does not exist or that the connection's own role may not become, TargetUnusable
    where a lock keeps an answer back.
    """
    with (
        connection.transaction(force_rollback=True),
        connection.cursor(row_factory=dict_row) as cursor,
    ):
        facts = _assume(connection, cursor, role)
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", (LOCK_TIMEOUT,))
        relations = cursor.execute(script("relations"), {"schemas": list(schemas)}).fetchall()
        asked = cursor.execute(
            script("catalog_rights"), {"schemas": list(schemas), "compat": COMPAT_SCHEMA}
        ).fetchall()
        ddl = cursor.execute(script("ddl_rights"), {"schemas": list(schemas)}).fetchall()
        rights = [
            *(right for relation in relations for right in _of_relation(connection, relation)),
            *(_of_catalog(row) for row in asked),
            *(_of_ddl(connection, row) for row in ddl),
        ]
    return RoleReport(
        role=role,
        superuser=facts["superuser"],
        bypasses_row_security=facts["bypasses_row_security"],
        can_login=facts["can_login"],
        assumed="own connection" if facts["current"] else "set role",
        rights=tuple(rights),
        row_security=tuple(
            RowSecurity(row["qualified"], row["forced"], row["applies"], row["policies"])
            for row in relations
            if row["row_security"]
        ),
    )


def _assume(connection: psycopg.Connection, cursor: psycopg.Cursor[Any], role: str) -> dict[str, Any]:
    """Become the role until the transaction ends."""
    facts = cursor.execute(script("role"), {"role": role}).fetchone()
    if facts is None:
        raise Refused(
            f"the server knows no role {role!r}",
            where=f"server of database {connection.info.dbname}",
            hint=f"CREATE ROLE {quote(role)} LOGIN",
        )
    if not facts["current"]:
        try:
            cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
        except psycopg.errors.InsufficientPrivilege:
            own = connection.info.user
            raise Refused(
                f"role {own} may not act as {role}",
                where=f"database {connection.info.dbname}",
                hint=f"GRANT {quote(role)} TO {quote(own)} -- or name a connection of {role}'s own with --to",
            ) from None
    return dict(facts)


def _of_relation(connection: psycopg.Connection, row: dict[str, Any]) -> Iterator[Right]:
    wanted: tuple[Privilege, ...] = ("SELECT",) if row["kind"] == "view" else get_args(Privilege)
    for privilege in wanted:
        granted: Literal["all", "columns", "none"] = "none"
        if privilege in row["granted"]:
            granted = "all"
        elif privilege in row["granted_columns"]:
            granted = "columns"
        # A table whose every column is generated has nothing to update.
        if privilege == "UPDATE" and not row["writable"]:
            yield Right(row["kind"], row["qualified"], privilege, granted == "all", granted, "asked")
            continue
        plan_only = privilege in row["fires"]
        text = statement(privilege, row["schema"], row["name"], row["writable"])
        refusal = attempt(connection, text, plan_only=plan_only)
        can = granted == "all" and refusal is None
        tried: Literal["executed", "planned"] = "planned" if plan_only else "executed"
        yield Right(row["kind"], row["qualified"], privilege, can, granted, tried, refusal)


def _of_catalog(row: dict[str, Any]) -> Right:
    granted: Literal["all", "none"] = "all" if row["granted"] else "none"
    return Right(row["kind"], row["name"], row["privilege"], row["granted"], granted, "asked")


def _of_ddl(connection: psycopg.Connection, row: dict[str, Any]) -> Right:
    granted: Literal["all", "none"] = "all" if row["granted"] else "none"
    if row["fires"]:
        return Right(row["kind"], row["name"], "CREATE", row["granted"], granted, "asked")
    refusal = attempt(connection, creation(row["kind"], row["name"]))
    return Right(
        row["kind"], row["name"], "CREATE", row["granted"] and refusal is None, granted, "executed", refusal
    )
