"""How many connections copy one table: what the processors here, the server's free places and the memory allow.

A connection keeps a process here and a backend there busy, each about a processor: measured on two processors, one
connection is the fastest.  In SQL a server does not say how many it has; one on this machine has the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from pgraduate.copy.destination import script
from pgraduate.events import Notice, Sink
from pgraduate.postgres.target import Target
from pgraduate.processors import cores_of

PROCESSORS_EACH = 2
MOST = 2
"""Connections where nobody asked for a number.  All processes together are to stay below 100 MB: on a database of 900 MB
they held 87 to 92 with two connections, 106 to 110 with three, 108 to 110 with four."""


@dataclass(frozen=True, slots=True)
class Jobs:
    """Who helps to copy: `wanted` connections to the target, as many as fit where that is None."""

    target: Target
    wanted: int | None = None


def connections(connection: psycopg.Connection, jobs: Jobs, sink: Sink) -> int:
    """Give the number of connections that copy, at least one; say so where it is less than what was asked for.

    Unasked, half of the server's free places stay free for those who work there.
    """
    wanted = jobs.wanted
    if wanted == 1:
        return 1
    row = connection.execute(script("free_places")).fetchone()
    free = max(int(row[0]), 0) if row is not None else 0
    if wanted is None:
        return max(1, min(MOST, cores_of() // PROCESSORS_EACH, free // 2))
    if free < wanted:
        sink.emit(Notice(f"the server has room for {free} more connections, not for the {wanted} asked for"))
    return max(1, min(wanted, free))
