"""A large result while it still arrives: its rows are read from the server when they are asked for, some at a time.

The server connection is busy meanwhile.  Whoever needs it first has the rest kept in memory, so that what a cursor gives
never depends on what its connection does besides.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator
from itertools import islice
from typing import Any

import psycopg

from pgraduate.dbapi.exceptions import as_sqlite

Rows = Generator[tuple[Any, ...], None, None]
CHUNK = 1000
"""Rows that are held at a time; a result of fewer does not stay behind."""
_CHUNKED_LIBPQ = 170000
_OF_THE_PARENT: list[Rows | None] = []


class Arriving:
    """An iterator over the rows.  `ends` is called once, with the error if there was one, when the connection is free.

    `cancels` says that a result which nobody reads any more is given up; within a transaction that would end it.
    """

    def __init__(self, rows: Rows) -> None:
        self.ends: Callable[[psycopg.Error | None], None] | None = None
        self.cancels = False
        self._process = os.getpid()
        self._rows: Rows | None = rows
        self._ready = deque(islice(rows, CHUNK))
        if len(self._ready) < CHUNK:
            self._rows = None

    @staticmethod
    def of(cursor: psycopg.RawCursor, sql: bytes, values: tuple[Any, ...]) -> Arriving:
        """Run a query; the first rows are there afterwards."""
        size = CHUNK if psycopg.pq.version() >= _CHUNKED_LIBPQ else 1
        rows = cursor.stream(sql, values, size=size)
        assert isinstance(rows, Generator)
        return Arriving(rows)

    @property
    def rest(self) -> Rows | None:
        """What is still to come, None where all is there."""
        return self._rows

    def __del__(self) -> None:
        if self._process != os.getpid():
            # A fork's copy: closing it would speak on the parent's connection.
            _OF_THE_PARENT.append(self._rows)
            return
        self.give_up()

    def give_up(self) -> None:
        """Ask the server to send no more, where that ends nothing else."""
        if self.cancels and self._rows is not None:
            self._rows.close()
            self._end(None)

    def __iter__(self) -> Arriving:
        return self

    def __next__(self) -> tuple[Any, ...]:
        if self._ready:
            return self._ready.popleft()
        if self._rows is None:
            raise StopIteration
        try:
            return next(self._rows)
        except StopIteration:
            self._end(None)
            raise
        except psycopg.Error as error:
            self._end(error)
            raise as_sqlite(error) from error

    def keep_rest(self) -> None:
        """Read what is still to come into memory."""
        if self._rows is None:
            return
        try:
            self._ready.extend(self._rows)
        except psycopg.Error as error:
            self._end(error)
            raise
        self._end(None)

    def _end(self, error: psycopg.Error | None) -> None:
        self._rows = None
        ends, self.ends = self.ends, None
        if ends is not None:
            ends(error)
