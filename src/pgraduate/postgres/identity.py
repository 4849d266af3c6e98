"""The identity of the server behind a connection, asked of the server itself."""

from __future__ import annotations

import psycopg
from psycopg.rows import dict_row

from pgraduate.model.server import ServerIdentity
from pgraduate.postgres.records import script

UNKNOWN = "not disclosed"


def identify(connection: psycopg.Connection) -> ServerIdentity:
    """Ask the server for its system identifier, version, TLS and role."""
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(script("identity")).fetchone()
    assert row is not None
    info = connection.info
    return ServerIdentity(system_identifier=_system_identifier(connection), host=info.host, port=info.port, **row)


def _system_identifier(connection: psycopg.Connection) -> str:
    # Managed servers may withhold the control file from plain roles.
    try:
        with connection.transaction():
            row = connection.execute(script("system_identifier")).fetchone()
    except psycopg.errors.InsufficientPrivilege:
        return UNKNOWN
    assert row is not None
    return str(row[0])
