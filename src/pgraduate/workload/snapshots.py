"""pg_stat_statements as it was at two moments: what lies between them is the workload of that time.

Counters are only ever read.  Resetting them would take the history of every other tool that reads them (PgHero #325).
Where somebody else did reset them, or the server was started anew, a counter that went down counts from zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.resources import files
from typing import Any

import psycopg
from psycopg.rows import dict_row

from pgraduate.workload.fingerprint import shape
from pgraduate.workload.statements import Statement, Workload

EXTENSION = "pg_stat_statements"


@dataclass(frozen=True, slots=True)
class Counters:
    """What one kind of statement did: times in seconds, blocks of 8 KiB, WAL in bytes."""

    calls: float = 0
    seconds: float = 0.0
    rows: float = 0
    blocks_hit: float = 0
    blocks_read: float = 0
    temp_blocks: float = 0
    io_seconds: float = 0.0
    wal_bytes: float = 0

    def since(self, earlier: Counters) -> Counters:
        if self.calls < earlier.calls:
            return self
        return Counters(*(max(getattr(self, f.name) - getattr(earlier, f.name), 0) for f in fields(self)))

    def plus(self, other: Counters) -> Counters:
        return Counters(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`at` is the server's clock, `reset` when its counters began; texts hold no literals, the extension saw to that."""

    at: str
    reset: str
    texts: Mapping[str, str] = field(default_factory=dict)
    counters: Mapping[str, Counters] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Activity:
    """One kind of statement within a window."""

    id: str
    text: str
    counters: Counters


@cache
def _question(name: str) -> str:
    return files("pgraduate.workload").joinpath("sql", f"{name}.sql").read_text("utf-8")


def state(connection: psycopg.Connection) -> str:
    """Say how the extension stands: `ready`, `installable` (loaded, not created), `not loaded`, or `not available`."""
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(_question("statistics_state").encode()).fetchone()
    assert row is not None
    if row["is_loaded"] is False:
        return "not loaded" if row["is_available"] else "not available"
    if row["is_created"]:
        return "ready"
    return "installable" if row["is_available"] else "not available"


def take(connection: psycopg.Connection) -> Snapshot:
    """Read this database's counters; statements that only other roles may see are not among them."""
    name = "statements_17" if connection.info.server_version >= 170000 else "statements"
    schema = connection.execute(
        "SELECT n.nspname FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace"
        " WHERE e.extname = %s", (EXTENSION,)).fetchone()  # fmt: skip
    assert schema is not None, "asked after `state` said ready"
    text = _question(name).replace("{schema}", psycopg.sql.Identifier(schema[0]).as_string(connection))
    texts: dict[str, str] = {}
    counters: dict[str, Counters] = {}
    at = reset = ""
    with connection.cursor(row_factory=dict_row) as cursor:
        for row in cursor.execute(text.encode()):
            at, reset, query = row.pop("at"), row.pop("reset"), row.pop("query")
            try:
                shaped = shape(query)
            except ValueError:
                continue  # cut off at track_activity_query_size
            # One text with a literal and with a parameter has two ids at the server: here it is one kind.
            texts.setdefault(shaped.id, query)
            counters[shaped.id] = counters.get(shaped.id, Counters()).plus(Counters(**row))
    return Snapshot(at, reset, texts, counters)


def between(earlier: Snapshot | None, later: Snapshot) -> list[Activity]:
    """Give what ran between two snapshots, the most expensive first; without an earlier one, since the last reset."""
    known: Mapping[str, Counters] = earlier.counters if earlier and earlier.reset == later.reset else {}
    found = [
        Activity(name, later.texts[name], counters.since(known.get(name, Counters())))
        for name, counters in later.counters.items()
    ]
    return sorted((item for item in found if item.counters.calls > 0), key=lambda item: -item.counters.seconds)


def workload_of(activity: Sequence[Activity]) -> Workload:
    """Make a workload whose statements have parameters and no examples."""
    statements = [Statement(item.id, item.text, item.counters.calls, item.counters.seconds) for item in activity]
    return Workload(EXTENSION, tuple(statements))


def snapshot_from(data: Mapping[str, Any]) -> Snapshot:
    counters = {name: Counters(**item) for name, item in data["counters"].items()}
    return Snapshot(data["at"], data["reset"], data["texts"], counters)
