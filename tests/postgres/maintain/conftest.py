"""A server whose settings are durable, with pgstattuple for its plain owner: what upkeep measures and renews."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from pgraduate.cluster import Embedded
from pgraduate.settings import Settings, load


@pytest.fixture(scope="session")
def embedded() -> Iterator[Embedded]:
    with tempfile.TemporaryDirectory(prefix="pgm", dir="/tmp") as directory:
        Path(directory).chmod(0o755)
        server = Embedded(Path(directory) / "server", fsync=False, settings={"autovacuum": "off"})
        server.start()
        with psycopg.connect(make_conninfo(server.superuser_conninfo(), dbname="app"), autocommit=True) as admin:
            admin.execute("CREATE EXTENSION pgstattuple")
            admin.execute("GRANT pg_stat_scan_tables, pg_monitor TO app_owner")
        try:
            yield server
        finally:
            server.remove()


@pytest.fixture
def project(embedded: Embedded, tmp_path: Path) -> Settings:
    return load(tmp_path, target=f"embedded:{embedded.directory}", environment={})


@pytest.fixture
def owner(embedded: Embedded) -> Iterator[psycopg.Connection]:
    """The plain owner's connection; its schema is as empty as it found it."""
    conninfo = embedded.status().conninfo
    assert conninfo is not None
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA shop")
        try:
            yield connection
        finally:
            connection.execute("DROP SCHEMA IF EXISTS shop, pgraduate, shop_old CASCADE")
