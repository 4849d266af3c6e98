from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import psycopg
import pytest
from support.twins import CreateTwins, Twins


@pytest.fixture
def create_twins(connection: psycopg.Connection) -> Iterator[CreateTwins]:
    """Create twins from the text of SQLite's tables; both ends are closed after the test."""
    with ExitStack() as stack:
        yield lambda tables: stack.enter_context(Twins.create(connection, tables))
