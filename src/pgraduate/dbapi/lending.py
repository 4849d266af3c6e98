"""Server connections as statements need them: borrowed from the pool, speaking SQLite's values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol
from weakref import WeakSet

import psycopg

from pgraduate.dbapi.cells import speak_plainly


class Pool(Protocol):
    """What `pgraduate.dbapi.pool` gives."""

    def borrowed(self) -> AbstractContextManager[psycopg.Connection]: ...

    def take(self) -> psycopg.Connection: ...

    def give_back(self, connection: psycopg.Connection, /) -> None: ...


class Lender:
    """The pool, with each connection taught once how values are sent and read."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._taught: WeakSet[psycopg.Connection] = WeakSet()

    def take(self) -> psycopg.Connection:
        connection = self._pool.take()
        if connection not in self._taught:
            speak_plainly(connection)
            self._taught.add(connection)
        return connection

    def give_back(self, connection: psycopg.Connection) -> None:
        self._pool.give_back(connection)

    @contextmanager
    def borrowed(self) -> Iterator[psycopg.Connection]:
        connection = self.take()
        try:
            yield connection
        finally:
            self._pool.give_back(connection)
