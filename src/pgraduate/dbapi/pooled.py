"""psycopg's own pool, with connections as the runtime uses them: in autocommit, exact in text form, aware of a fork.

It is a module of its own because psycopg is loaded with it, which the first connection to PostgreSQL needs and
`import pgraduate.dbapi` does not.
"""

from __future__ import annotations

import os
import time
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool

from pgraduate.dbapi.limits import Limits
from pgraduate.dbapi.server import APPLICATION, prepare
from pgraduate.postgres.target import Target

_PREPARED = 500
"""Statements that the server keeps prepared for one connection: an application has a few hundred."""


class Pooled(psycopg.Connection[tuple[Any, ...]]):
    """`idle_since` is a moment of the monotonic clock, in seconds."""

    idle_since: float = 0.0


class ServerPool(ConnectionPool[Pooled]):
    """A pool that, copied into a forked child, does nothing when it is forgotten there."""

    _process = 0

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
