"""Two fresh files per test, in a directory of the test's own."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

sys.path.insert(0, str(Path(__file__).parents[1]))

from app.db import Databases, connect
from app.web import create_app


@pytest.fixture
def databases(tmp_path: Path) -> Databases:
    created = Databases(tmp_path / "data")
    created.create()
    return created


@pytest.fixture
def workflows(databases: Databases) -> Iterator[sqlite3.Connection]:
    """A connection to an empty workflows.db, as the application opens it."""
    connection = connect(databases.workflows)
    yield connection
    connection.close()


@pytest.fixture
def phases(databases: Databases) -> Iterator[sqlite3.Connection]:
    """A connection to an empty phases.db, as the worker opens it."""
    connection = connect(databases.phases)
    yield connection
    connection.close()


@pytest.fixture
def client(databases: Databases) -> FlaskClient:
    """The web application over the same files as the connections."""
    return create_app(databases.directory).test_client()
