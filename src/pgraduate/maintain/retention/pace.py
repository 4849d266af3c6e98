"""How fast batches follow each other: by the time that they take, and by how far replicas are behind.

A server under load answers slower, so the time of a batch is the measure of load that needs no right and no knowledge of
the machine.  Invariant: between two batches the table is left alone for as long as the batch took.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg

from pgraduate.maintain.retention.scripts import script

AT_MOST = 1.0
"""Seconds that a batch may take; a longer one is followed by smaller ones, as its locks keep writers waiting."""
LAG = 10.0
"""Seconds by which a replica may be behind."""
_FIRST = 500
_LONGEST_PAUSE = 10.0
_GIVES_UP = 300.0


@dataclass(slots=True)
class Pace:
    """`largest` is the rule's batch; `sleep` is replaced in tests."""

    largest: int
    sleep: Callable[[float], None] = time.sleep
    size: int = field(init=False)
    paused: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self.size = min(self.largest, _FIRST)

    def after(self, seconds: float) -> None:
        """Choose the next size by how long this batch took, and pause as long."""
        if seconds > AT_MOST:
            self.size = max(1, int(self.size * AT_MOST / seconds))
        elif seconds < AT_MOST / 4:
            self.size = min(self.largest, self.size * 2)
        self._pause(min(seconds, _LONGEST_PAUSE))

    def gave_way(self) -> None:
        """Try fewer rows: somebody else holds one of them."""
        self.size = max(1, self.size // 4)
        self._pause(0.1)

    def follow_replicas(self, connection: psycopg.Connection) -> bool:
        """Wait until no replica is far behind; False where it stays so."""
        waited = 0.0
        while (lag := replica_lag(connection)) > LAG:
            if waited >= _GIVES_UP:
                return False
            self._pause(step := min(lag - LAG + 0.5, 5.0))
            waited += step
        return True

    def _pause(self, seconds: float) -> None:
        self.sleep(seconds)
        self.paused += seconds


def replica_lag(connection: psycopg.Connection) -> float:
    """Give the seconds by which the slowest replica is behind; 0 where there is none, or none that this role may see."""
    row = connection.execute(script("replica_lag")).fetchone()
    return float(row[0]) if row and row[0] is not None else 0.0
