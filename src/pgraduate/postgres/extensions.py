"""Whether an extension stands in a database, and where."""

from __future__ import annotations

import psycopg


def has_extension(connection: psycopg.Connection, name: str) -> bool:
    return extension_schema(connection, name) is not None


def extension_schema(connection: psycopg.Connection, name: str) -> str | None:
    """Name the schema in which an extension stands, None where it does not."""
    found = connection.execute(
        "SELECT extnamespace::pg_catalog.regnamespace::text FROM pg_catalog.pg_extension WHERE extname = %s",
        (name,),
    ).fetchone()
    return str(found[0]) if found else None
