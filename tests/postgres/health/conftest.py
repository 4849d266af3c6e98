"""A server of this room's own: durable settings, archiving, prepared transactions; its superuser plants what is found."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from pgraduate.cluster import Embedded

SETTINGS = {
    "max_prepared_transactions": "5",
    "archive_mode": "on",
    "archive_command": "true",
    "wal_level": "logical",
    "max_connections": "20",
    "autovacuum_naptime": "1h",
    "shared_buffers": "16MB",
    "deadlock_timeout": "10ms",
}


@pytest.fixture(scope="session")
def room_server() -> Iterator[Embedded]:
    with tempfile.TemporaryDirectory(prefix="pgh", dir="/tmp") as directory:
        embedded = Embedded(Path(directory) / "server", settings=SETTINGS)
        embedded.start()
        try:
            yield embedded
        finally:
            embedded.remove()


@pytest.fixture
def database(room_server: Embedded) -> Iterator[str]:
    """The superuser's conninfo of an empty database with pgstattuple and amcheck."""
    name = "planted"
    with psycopg.connect(room_server.superuser_conninfo(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield make_conninfo(room_server.superuser_conninfo(), dbname=name)
    with psycopg.connect(room_server.superuser_conninfo(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def admin(database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pgstattuple")
        connection.execute("CREATE EXTENSION amcheck")
        yield connection
