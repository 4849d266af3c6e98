"""One connection function per engine: the standard module proves each expectation, the runtime meets it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from support.chosen import choose_server
from support.server import PrivateServer

from pgraduate import dbapi
from pgraduate.dbapi.pool import close_pools


@pytest.fixture(scope="package")
def shared(server: PrivateServer) -> Iterator[str]:
    """One database for the tests that open files of their own: each path has its own schema there."""
    with server.database() as conninfo:
        yield conninfo
        close_pools()


@pytest.fixture
def served(shared: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment that chooses PostgreSQL, for the module as an application imports it."""
    choose_server(monkeypatch, shared)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """`connect` opens the test's own database, `open` any; what is open at the end is closed."""
    if request.param == "sqlite":
        monkeypatch.setenv("DB_TYPE", "sqlite")
        monkeypatch.delenv("DATABASE_URL", raising=False)
    else:
        request.getfixturevalue("served")
    opened: list[Any] = []

    def connect(database: Any, *arguments: Any, **options: Any) -> Any:
        connection = dbapi.connect(database, *arguments, **options)
        opened.append(connection)
        return connection

    path = tmp_path / "app.db"
    yield SimpleNamespace(name=request.param, path=path, connect=partial(connect, path), open=connect)
    for connection in opened:
        connection.close()
