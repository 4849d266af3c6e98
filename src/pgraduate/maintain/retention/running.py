"""A rule at work: batch after batch until nothing is due, giving way to everybody."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import psycopg

from pgraduate.maintain.retention.batches import move_batch, oldest
from pgraduate.maintain.retention.family import Family, count_due
from pgraduate.maintain.retention.pace import Pace
from pgraduate.maintain.retention.stores import Store

_PASSED_AT_MOST = 1000
"""Roots that are passed over because somebody holds what follows them; with more, the rest is left for the next run."""
_IN_A_ROW = 25
"""So many one after the other mean that somebody holds a whole table."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule did: `rows` by table, `left` roots that are still due, `why` they are."""

    rows: dict[str, int]
    batches: int
    seconds: float
    paused: float
    longest_batch: float
    left: int
    why: str


def run_rule(
    connection: psycopg.Connection,
    family: Family,
    store: Store,
    cutoff: datetime,
    pace: Pace,
    may_go_on: Callable[[], str],
) -> Outcome:
    """Move what is due.  `may_go_on` says before each batch why the run has to stop, '' where it need not."""
    rows: Counter[str] = Counter({member.label: 0 for member in family.order})
    began, batches, longest, why = time.monotonic(), 0, 0.0, ""
    passed: list[str] = []
    in_a_row = 0
    while not (why := may_go_on()):
        if not pace.follow_replicas(connection):
            why = "a replica stays far behind"
            break
        started = time.monotonic()
        try:
            moved = move_batch(connection, family, store, cutoff, pace.size, passed)
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            if pace.size == 1:
                place = oldest(connection, family, cutoff, passed)
                if place is None or in_a_row >= _IN_A_ROW or len(passed) >= _PASSED_AT_MOST:
                    why = "other transactions hold rows that would go"
                    break
                passed.append(place)
                in_a_row += 1
            pace.gave_way()
            continue
        if moved is None:
            break
        in_a_row = 0
        rows.update(moved.rows)
        batches, longest = batches + 1, max(longest, time.monotonic() - started)
        pace.after(time.monotonic() - started)
    some = oldest(connection, family, cutoff, ()) is not None
    left = count_due(connection, family, family.root, cutoff) if some else 0
    return Outcome(
        dict(rows),
        batches,
        round(time.monotonic() - began, 3),
        round(pace.paused, 3),
        round(longest, 3),
        left,
        why or ("other transactions hold them" if left else ""),
    )
