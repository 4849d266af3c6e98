"""One pgraduate at a time in a database, one load at a time, and no waiting behind an application's lock.

All are session advisory locks: the server drops them when the session ends, however it ends.  A load's sessions share
one lock that a new load takes alone for a moment, so it begins when the sessions of a killed one are gone with what
they had not committed; a session of the killed one that comes later finds its load's own lock gone.
"""

from __future__ import annotations

import secrets
import time
from typing import LiteralString

import psycopg

from pgraduate.errors import Interrupted, Locked, Refused

RUN_KEY = 0x7067_7261_6475_6174
"""The advisory lock's number: the letters pgraduat."""
LOAD_KEY = 0x7067_5F72_6F77_735F
"""The number of the lock that the sessions of a load share: the letters pg_rows_."""
LOAD_CLASS = 0x7067_6C64
"""The first number of the lock that belongs to one load; the second is its token."""

PATIENCE = 10.0
"""Seconds to wait for the session of a killed run to end; a server notices a dead socket at its next write."""


def take_run_lock(connection: psycopg.Connection) -> None:
    """Take the database's run lock for this session; raise Refused when another session holds it."""
    if not _taken_in_time(connection, RUN_KEY, pause=0.2):
        raise Refused(
            "another pgraduate is at work in this database",
            where=f"database {connection.info.dbname}",
            hint="wait until it has ended; `pgraduate status` shows how far it is",
        )


def begin_load(connection: psycopg.Connection) -> int:
    """Wait until no session of an earlier load is left, and begin one: give the token by which others join it.

    Raises Locked where such a session stays.
    """
    if not _taken_in_time(connection, LOAD_KEY, pause=0.02):
        raise Locked(
            "a session of an earlier load is still at work",
            where=f"database {connection.info.dbname}",
            hint="pg_stat_activity shows it as pgraduate/copy; the same command goes on when it has ended",
        )
    token = secrets.randbelow(2**31)
    connection.execute("SELECT pg_advisory_lock(%s, %s)", (LOAD_CLASS, token))
    connection.execute("SELECT pg_advisory_lock_shared(%s)", (LOAD_KEY,))
    connection.execute("SELECT pg_advisory_unlock(%s)", (LOAD_KEY,))
    return token


def join_load(connection: psycopg.Connection, token: int) -> None:
    """Make this session one of a load's; raise Interrupted where the load has ended."""
    connection.execute("SELECT pg_advisory_lock_shared(%s)", (LOAD_KEY,))
    if not _answer(connection, _HELD, LOAD_CLASS, token):
        raise Interrupted("the load has ended", hint="the same command goes on from what was committed last")


def _taken_in_time(connection: psycopg.Connection, key: int, *, pause: float) -> bool:
    """Take a lock as soon as it is free; False where it is not within PATIENCE.  `pause` is in seconds."""
    deadline = time.monotonic() + PATIENCE
    while not _answer(connection, "SELECT pg_try_advisory_lock(%s)", key):
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


_HELD = """
SELECT EXISTS (
    SELECT FROM pg_catalog.pg_locks
    WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND objsubid = 2 AND granted
    AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
)
"""


def _answer(connection: psycopg.Connection, question: LiteralString, *parameters: int) -> bool:
    row = connection.execute(question, parameters).fetchone()
    return bool(row and row[0])
