"""What must hold in a target before anything is written there.

The check reads; it never writes.  Raised here means: nothing was changed (exit code 5, or 7 where the server takes no
writes at all).
"""

from __future__ import annotations

import psycopg
from psycopg.rows import dict_row

from pgraduate.errors import Refused, TargetUnusable
from pgraduate.postgres.records import SCHEMA, script


def require_room(connection: psycopg.Connection, schema: str) -> None:
    """Refuse a schema that holds objects of users, or that this role may not write."""
    occupants = connection.execute(script("occupants"), {"schema": schema}).fetchall()
    if occupants:
        named = ", ".join(f"{kind} {name}" for kind, name in occupants[:3])
        rest = f" and {len(occupants) - 3} more" if len(occupants) > 3 else ""
        raise Refused(
            f"schema {schema} of the target is not empty: {named}{rest}",
            where=f"schema {schema}",
            hint="choose another schema with --target-schema, or another database with --to",
        )
    for name in (schema, SCHEMA):
        require_create(connection, name)


def require_create(connection: psycopg.Connection, schema: str) -> None:
    """Refuse where this role may neither create objects in a schema nor the schema.

    Raises TargetUnusable where sessions are read-only, whatever the role may do.
    """
    with connection.cursor(row_factory=dict_row) as cursor:
        allowed = cursor.execute(script("privileges"), {"schema": schema}).fetchone()
    assert allowed is not None
    if allowed["read_only"]:
        raise _read_only(connection.info.dbname, standby=allowed["standby"])
    role = connection.info.user
    if allowed["exists"] and not allowed["create_in_schema"]:
        raise Refused(
            f"role {role} may not create objects in schema {schema}",
            where=f"schema {schema}",
            hint=f"as its owner: GRANT CREATE, USAGE ON SCHEMA {schema} TO {role}",
        )
    if not allowed["exists"] and not allowed["create_schema"]:
        raise Refused(
            f"role {role} may not create schemas in database {connection.info.dbname}",
            where=f"database {connection.info.dbname}",
            hint=f"as the database's owner: GRANT CREATE ON DATABASE {connection.info.dbname} TO {role}",
        )


def _read_only(database: str, *, standby: bool) -> TargetUnusable:
    if standby:
        return TargetUnusable(
            "the server is a standby, which takes no writes",
            where=f"database {database}",
            hint="name its primary with --to; libpq finds it among several hosts with target_session_attrs=read-write",
        )
    return TargetUnusable(
        "sessions of this database are read-only (default_transaction_read_only)",
        where=f"database {database}",
        hint=r"see who set it: `\drds` in psql; then for this role:"
        f" ALTER ROLE … IN DATABASE {database} SET default_transaction_read_only = off",
    )
