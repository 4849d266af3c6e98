"""One test, two engines: the standard module itself proves what is expected of the other."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from psycopg.conninfo import conninfo_to_dict
from support.engines import Connect

from pgraduate import dbapi

_SWITCHES = (
    "DB_TYPE",
    "DATABASE_URL",
    "POSTGRES_HOST",
    "POSTGRES_PORT",
    "POSTGRES_DB",
    "POSTGRES_USER",
    "POSTGRES_PASSWORD",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Choose the engine by the environment, as an application does."""
    for name in _SWITCHES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DB_TYPE", request.param)
    if request.param == "postgresql":
        said = conninfo_to_dict(request.getfixturevalue("shared"))
        monkeypatch.setenv("POSTGRES_HOST", str(said["host"]))
        monkeypatch.setenv("POSTGRES_DB", str(said["dbname"]))
        monkeypatch.setenv("POSTGRES_USER", str(said["user"]))
    return request.param


@pytest.fixture
def module(engine: str) -> ModuleType:
    """The module under test, in the place of `sqlite3`."""
    return dbapi


@pytest.fixture
def connect(module: ModuleType, tmp_path: Path) -> Iterator[Connect]:
    """`connect()` opens the test's one database again and again; `connect(other)` another one.  All are closed."""
    opened: list[sqlite3.Connection] = []

    def one(database: Any = None, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = module.connect(
            tmp_path / "app.db" if database is None else database, **options
        )
        opened.append(connection)
        return connection

    yield one
    for connection in opened:
        connection.close()


@pytest.fixture
def db(connect: Connect) -> sqlite3.Connection:
    """An open connection to a database with two tables and three rows."""
    connection = connect()
    connection.executescript(
        "CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, price REAL CHECK (price >= 0), data BLOB);"
        "CREATE TABLE tag (item INTEGER REFERENCES item (id) ON DELETE CASCADE, word TEXT, PRIMARY KEY (item, word));"
        "INSERT INTO item (name, price) VALUES ('pen', 1.5), ('ink', 4.0), ('paper', NULL);"
    )
    return connection
