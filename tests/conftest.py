"""One private PostgreSQL server per test session, one database per test."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import psycopg
import pytest
from support.server import PrivateServer, place


def pytest_configure() -> None:
    """Let `tmp_path` lie where the servers lie, before pytest has chosen a place."""
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(place()))


def pytest_collection_finish() -> None:
    """Spare the garbage collector what was collected: it lives until the end, and was walked over again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def server() -> Iterator[PrivateServer]:
    """A server that only this test session knows; fsync is off because nothing of it outlives the tests."""
    with PrivateServer.start() as running:
        yield running


@pytest.fixture(scope="module")
def mortal() -> Iterator[PrivateServer]:
    """A server of one module's own, which may crash."""
    with PrivateServer.start() as running:
        yield running


@pytest.fixture
def target(server: PrivateServer) -> Iterator[str]:
    """The conninfo of an empty database that belongs to a plain owner role; dropped after the test."""
    with server.database() as conninfo:
        yield conninfo


@pytest.fixture
def connection(target: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(target, autocommit=True) as open_connection:
        yield open_connection
