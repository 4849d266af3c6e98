"""Both sides of a comparison: a database with the compat functions, and a SQLite without tables."""

from __future__ import annotations

from collections.abc import Iterator

import apsw
import psycopg
import pytest
from support.server import PrivateServer

from pgraduate import compat


@pytest.fixture(scope="module")
def installed(server: PrivateServer) -> Iterator[psycopg.Connection]:
    with server.database() as conninfo, psycopg.connect(conninfo, autocommit=True) as connection:
        compat.install(connection)
        yield connection


@pytest.fixture(scope="module")
def sqlite() -> apsw.Connection:
    return apsw.Connection(":memory:")
