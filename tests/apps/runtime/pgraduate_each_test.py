"""A plugin of pytest: each test starts with an empty database, and ends in time.

An application's tests start with no file, or remove the one they had; a server has no files.  So each test gets a database
of its own, made from a template that has the compat functions, in the server of PGRADUATE_RUNTIME.
On SQLite nothing is made.  The line that names the server goes to the log, as where an application has one: its tests
find nothing of it on stderr.
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from types import FrameType

import pytest

_LOGGER = logging.getLogger("pgraduate.dbapi")
_LOGGER.addHandler(logging.NullHandler())
_LOGGER.setLevel(logging.INFO)
_LOGGER.propagate = False

SECONDS = 120
_NUMBER = 0


@pytest.fixture(autouse=True, scope="session")
def _pools_close() -> Iterator[None]:
    yield
    _close_pools()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    administrator = os.environ["PGRADUATE_RUNTIME"]
    if administrator:
        _close_pools()
        os.environ["POSTGRES_DB"] = _fresh(administrator)
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    def too_long(signum: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"the test ran for {SECONDS} s")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(SECONDS)
    try:
        return (yield)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _fresh(administrator: str) -> str:
    import psycopg

    global _NUMBER
    _NUMBER += 1
    name = f"app_{os.getpid()}_{_NUMBER}"
    with psycopg.connect(administrator, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE prepared OWNER owner")
        if _NUMBER > 1:
            connection.execute(f"DROP DATABASE app_{os.getpid()}_{_NUMBER - 1} WITH (FORCE)")
    return name


def _close_pools() -> None:
    from pgraduate.dbapi.pool import close_pools

    close_pools()
