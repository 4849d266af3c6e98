"""The process's connections to the server: few, shared by all threads, never carried across a fork.

A connection of the runtime holds none while it is idle; it borrows one for a statement or for a transaction.  The
invariant: what is handed out belongs to this process, is in no transaction, is held by nobody else, and was not seen to be
dead; a wait has an end.
"""

from __future__ import annotations

import atexit
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgraduate.dbapi.engine import Engine, say
from pgraduate.dbapi.limits import Limits, limits
from pgraduate.errors import PgraduateError

if TYPE_CHECKING:
    import psycopg

    from pgraduate.dbapi.pooled import Pooled, ServerPool
    from pgraduate.dbapi.server import Server


@dataclass(frozen=True, slots=True)
class Figures:
    """`lost` counts the connections that ended under the pool, `queued` the requests that had to wait."""

    most: int
    open: int
    borrowed: int
    waiting: int
    requests: int
    queued: int
    timed_out: int
    lost: int


class Pool:
    """The connections to one server; safe for threads, and in a forked child a new and empty one."""

    def __init__(self, engine: Engine, bounds: Limits) -> None:
        assert engine.target is not None
        self._engine = engine
        self._target = engine.target
        self.limits = bounds
        self._inherited: list[object] = []
        self._start_over()

    def _start_over(self) -> None:
        self._opening = threading.Lock()
        self._pool: ServerPool | None = None
        self._server: Server | None = None
        self._failure: tuple[float, PgraduateError] | None = None
        self._held: dict[int, tuple[int, Pooled]] = {}

    @property
    def server(self) -> Server:
        """What answered the first contact; raises sqlite3.OperationalError where nothing does."""
        self._opened()
        assert self._server is not None
        return self._server

    @contextmanager
    def borrowed(self, wait: float | None = None) -> Iterator[psycopg.Connection]:
        """Lend a connection in autocommit; a nested call lends another one."""
        connection = self.take(wait)
        try:
            yield connection
        finally:
            self.give_back(connection)

    def take(self, wait: float | None = None) -> psycopg.Connection:
        """Lend a connection in autocommit until `give_back`.

        Raises sqlite3.OperationalError: "database is locked" where none came free within `wait` seconds (default:
        POSTGRES_POOL_TIMEOUT), or at once where this thread holds them all itself; another text where the server does
        not answer.
        """
        pool = self._pool or self._opened()
        thread = threading.get_ident()
        if len(self._held) >= self.limits.most:
            self._refuse_a_wait_for_itself(thread)
        limit = self.limits.wait if wait is None else wait
        try:
            connection = pool.lend(limit)
        except TimeoutError as error:
            raise self._timed_out(limit) from error
        self._held[id(connection)] = thread, connection
        return connection

    def give_back(self, connection: psycopg.Connection) -> None:
        """Take a connection back: what is open in it is rolled back, a broken one is replaced.

        One that was borrowed before a fork stays with the parent process.  Raises RuntimeError for a connection that
        was not borrowed here.
        """
        held = self._held.pop(id(connection), None)
        if held is None:
            if any(other is connection for other in self._inherited):
                return
            raise RuntimeError("the connection was given back already, or was never borrowed from this pool")
        pool = self._pool
        if pool is None:
            held[1].close()
        else:
            pool.take_back(held[1])

    def figures(self) -> Figures:
        """Count what the pool did in this process."""
        stats = self._pool.get_stats() if self._pool is not None else {}
        return Figures(
            most=self.limits.most,
            open=stats.get("pool_size", 0),
            borrowed=len(self._held),
            waiting=stats.get("requests_waiting", 0),
            requests=stats.get("requests_num", 0),
            queued=stats.get("requests_queued", 0),
            timed_out=stats.get("requests_errors", 0),
            lost=0 if self._pool is None else self._pool.lost + stats.get("connections_lost", 0),
        )

    def check(self) -> None:
        """Ask every idle connection whether it answers, and replace those that do not; raise where the server does not."""
        self._opened().check()
        with self.borrowed() as connection:
            connection.execute("SELECT 1")

    def close(self) -> None:
        """Close the idle connections; borrowed ones close as they come back.  The next borrower opens anew."""
        with self._opening:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()

    def _opened(self) -> ServerPool:
        """Open the pool if no thread has; those that came while one tried and failed share its failure."""
        from pgraduate.dbapi.exceptions import as_sqlite

        arrived = time.monotonic()
        with self._opening:
            if self._pool is not None:
                return self._pool
            if self._failure is None or self._failure[0] < arrived:
                try:
                    self._pool = self._open()
                    return self._pool
                except PgraduateError as error:
                    self._failure = time.monotonic(), error
            raise as_sqlite(self._failure[1])

    def _open(self) -> ServerPool:
        from pgraduate.dbapi.pooled import server_pool
        from pgraduate.dbapi.server import meet

        server = meet(self._target, self.limits)
        say(self._engine, str(server))
        self._server = server
        return server_pool(self._target, self.limits, pooled=server.pooled)

    def _refuse_a_wait_for_itself(self, thread: int) -> None:
        holders = {holder for holder, _ in list(self._held.values())}
        if holders == {thread}:
            error = _locked()
            error.add_note(
                f"this thread itself holds all {self.limits.most} server connections (POSTGRES_POOL_MAX): "
                "it would wait for itself"
            )
            raise error

    def _timed_out(self, seconds: float) -> sqlite3.OperationalError:
        if len(self._held) >= self.limits.most:
            error = _locked()
            error.add_note(
                f"all {self.limits.most} server connections of the process (POSTGRES_POOL_MAX) were in use "
                f"for {seconds:g} s"
            )
            return error
        error = sqlite3.OperationalError(
            f"unable to open database file: the server gave no connection in {seconds:g} s"
        )
        error.sqlite_errorname, error.sqlite_errorcode = "SQLITE_CANTOPEN", 14
        return error

    def _forked(self) -> None:
        """Leave the parent's sockets alone: kept, so that nothing ever ends the parent's sessions from here."""
        self._inherited += [connection for _, connection in self._held.values()]
        self._inherited.append(self._pool)
        self._start_over()


_POOLS: dict[Engine, Pool] = {}
_MAKING = threading.Lock()


def pool_of(engine: Engine) -> Pool:
    """Give the process's one pool for a server; it connects when the first connection is asked for.

    Raises sqlite3.OperationalError where POSTGRES_POOL_* make no sense.
    """
    pool = _POOLS.get(engine)
    if pool is not None:
        return pool
    from pgraduate.dbapi.exceptions import as_sqlite

    with _MAKING:
        try:
            return _POOLS.setdefault(engine, Pool(engine, limits()))
        except PgraduateError as error:
            raise as_sqlite(error) from error


def close_pools() -> None:
    """Close every pool of the process."""
    for pool in list(_POOLS.values()):
        pool.close()


def _locked() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorname, error.sqlite_errorcode = "SQLITE_BUSY", 5
    return error


def _after_fork() -> None:
    global _MAKING
    _MAKING = threading.Lock()
    for pool in _POOLS.values():
        pool._forked()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(close_pools)
