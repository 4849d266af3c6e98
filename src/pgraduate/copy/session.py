"""The loading session: its settings, its socket, and the last commit that makes everything durable."""

from __future__ import annotations

import os
import socket

import psycopg
from psycopg.types.string import BytesBinaryDumper

from pgraduate.copy.destination import script
from pgraduate.errors import Refused

SEND_BUFFER = 4 * 1024 * 1024
"""Bytes.  With the default of a Unix socket (208 KB) the reader and the server take turns; with 4 MB they overlap,
measured as 1.25 → 1.06 of the limit.  The kernel caps it at net.core.wmem_max."""


def prepare(connection: psycopg.Connection) -> int:
    """Make the session's settings and leave autocommit; give the bytes that the socket's send buffer really has."""
    connection.autocommit = True
    connection.execute(script("session"))
    connection.autocommit = False
    # Last registered, it formats every bytea: the one that does by default is written in Python, and eight times slower.
    connection.adapters.register_dumper(bytes, BytesBinaryDumper)
    return _raise_send_buffer(connection)


def commit_durably(connection: psycopg.Connection, run_id: str) -> None:
    """End the load with a commit that waits for the log, and with it for every commit before it.

    Raises Refused where the target knows no such run.
    """
    connection.execute("SET LOCAL synchronous_commit = on")
    # A commit that wrote nothing does not wait for the log: the row lock is what is written.
    if connection.execute("SELECT FROM pgraduate.run WHERE run_id = %s FOR UPDATE", (run_id,)).fetchone() is None:
        raise Refused(f"the target knows no run {run_id}", where="table pgraduate.run")
    connection.commit()


def _raise_send_buffer(connection: psycopg.Connection) -> int:
    descriptor = os.dup(connection.pgconn.socket)
    with socket.socket(fileno=descriptor) as endpoint:
        if endpoint.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) < SEND_BUFFER:
            endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        # Linux answers with the double of what it was asked for, its own bookkeeping included.
        return endpoint.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) // 2
