"""psycopg's own pool, with connections as the runtime uses them: in autocommit, exact in text form, aware of a fork.

It is a module of its own because psycopg is loaded with it, which the first connection to PostgreSQL needs and
`import pgraduate.dbapi` does not.
"""

from __future__ import annotations

import os
import select
import time
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool, PoolTimeout

from pgraduate.dbapi.limits import Limits
from pgraduate.dbapi.server import APPLICATION, prepare
from pgraduate.postgres.target import Target

_AT_ONCE = 0.001
"""Seconds: what psycopg_pool takes for a wait that is over is refused even where a connection lies ready."""
_LONG_IDLE = 60.0
"""Seconds after which a connection is asked whether it still answers: a firewall forgets one without a word."""
_PREPARED = 500
"""Statements that the server keeps prepared for one connection: an application has a few hundred."""


class Pooled(psycopg.Connection[tuple[Any, ...]]):
    """`idle_since` is a moment of the monotonic clock, in seconds."""

    idle_since: float = 0.0


class ServerPool(ConnectionPool[Pooled]):
    """A pool that, copied into a forked child, does nothing when it is forgotten there."""

    lost = 0
    """Connections that were found dead before they were lent."""
    _process = 0

    def lend(self, seconds: float) -> Pooled:
        """Give a connection that was not seen to be dead; raise TimeoutError where none comes free in time."""
        end = time.monotonic() + seconds
        while True:
            try:
                connection = self.getconn(max(end - time.monotonic(), _AT_ONCE))
            except PoolTimeout as error:
                raise TimeoutError from error
            if _answers(connection):
                return connection
            self.lost += 1
            connection.close()
            self.putconn(connection)

    def take_back(self, connection: Pooled) -> None:
        """Roll back what is open in a connection, and keep it, or replace it where it is broken."""
        if connection.pgconn.transaction_status != TransactionStatus.IDLE:
            _end_transaction(connection)
        connection.idle_since = time.monotonic()
        self.putconn(connection)

    def open(self, wait: bool = False, timeout: float = 30.0) -> None:
        self._process = os.getpid()
        super().open(wait, timeout)

    def __del__(self) -> None:
        if self._process == os.getpid():
            super().__del__()


def server_pool(target: Target, limits: Limits, *, pooled: bool) -> ServerPool:
    """Open a pool; it fills in the background."""

    def configure(connection: Pooled) -> None:
        target.require_usable(connection)
        prepare(connection, pooled=pooled)
        connection.prepared_max = _PREPARED
        if pooled:
            # Each transaction may meet another session, which knows nothing of what was prepared in the last.
            connection.prepare_threshold = None
        connection.idle_since = time.monotonic()

    pool = ServerPool(
        target.words(APPLICATION),
        connection_class=Pooled,
        kwargs={"autocommit": True},
        min_size=limits.least,
        max_size=limits.most,
        timeout=limits.wait,
        configure=configure,
        name="pgraduate.dbapi",
        num_workers=2,
        open=False,
    )
    pool.open()
    return pool


def _answers(connection: Pooled) -> bool:
    """Say whether an idle connection is alive: the server has no reason to speak, so what it said is the end or news."""
    said_something = bool(select.select([connection.pgconn.socket], [], [], 0)[0])
    if not said_something and time.monotonic() - connection.idle_since < _LONG_IDLE:
        return True
    try:
        connection.execute("")
    except psycopg.OperationalError:
        return False
    return True


def _end_transaction(connection: Pooled) -> None:
    match connection.pgconn.transaction_status:
        case TransactionStatus.UNKNOWN:
            return
        case TransactionStatus.ACTIVE:
            # A result that nobody read to its end: only closing stops the server.
            connection.close()
        case _:
            try:
                connection.rollback()
            except psycopg.OperationalError:
                connection.close()
