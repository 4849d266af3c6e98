"""One pgraduate at a time in a database, and no waiting behind an application's lock.

The run's lock is a session advisory lock: the server drops it when the session ends, however it ends.
"""

from __future__ import annotations

import time

import psycopg

from pgraduate.errors import Refused

RUN_KEY = 0x7067_7261_6475_6174
"""The advisory lock's number: the letters pgraduat."""

PATIENCE = 10.0
"""Seconds to wait for the session of a killed run to end; a server notices a dead socket at its next write."""


def take_run_lock(connection: psycopg.Connection) -> None:
    """Take the database's run lock for this session; raise Refused when another session holds it."""
    deadline = time.monotonic() + PATIENCE
    while True:
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", (RUN_KEY,)).fetchone()
        if row is not None and row[0]:
            return
        if time.monotonic() > deadline:
            raise Refused(
                "another pgraduate is at work in this database",
                where=f"database {connection.info.dbname}",
                hint="wait until it has ended; `pgraduate status` shows how far it is",
            )
        time.sleep(0.2)
