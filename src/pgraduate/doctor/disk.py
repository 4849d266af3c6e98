"""Disk filling: what fills it, how fast, and what can go without losing anything.

The order of steps is: what holds back files that the server would remove itself, what lies around a migration, indexes that
can be rebuilt in the space that is left, rows by a rule.  On a disk that is full nothing is rewritten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from pgraduate.doctor.diagnosis import Change, Diagnosis, NextStep, steps_of
from pgraduate.doctor.questions import ask
from pgraduate.health import Disk, HealthFinding, Snapshot
from pgraduate.model.figure import Figure, render

ORDER = {
    "SLOT_KEEPS_WAL": 0,
    "SLOT_LOST": 0,
    "ARCHIVING_FAILS": 0,
    "VACUUM_HELD_BACK": 1,
    "PREPARED_TRANSACTION_FORGOTTEN": 1,
    "TEMPORARY_FILES": 2,
    "DEAD_ROWS": 3,
    "AUTOVACUUM_OFF": 3,
    "AUTOVACUUM_BEHIND": 3,
    "INDEX_INVALID": 4,
    "INDEX_BLOATED": 5,
    "INDEX_DUPLICATE": 6,
    "INDEX_UNUSED": 6,
    "TABLE_BLOATED": 7,
}
FINDINGS = frozenset({*ORDER, "DISK_FILLS", "DISK_FULL_SOON"})
_MOST = 10
_GROWTH = 1 << 20
"""Bytes from which on a relation that grew is told."""
_DAY = 86_400.0

NEVER = (
    "Do not remove anything in pg_wal by hand: the server cannot start without it.",
    "Do not run VACUUM FULL on a full disk: it writes the table a second time before it frees the first.",
    "A plain VACUUM makes room inside the files for new rows; it seldom makes the files smaller.",
)


@dataclass(frozen=True, slots=True)
class Leftover:
    """Files of pgraduate's own around a project: what they are, their bytes, and when they may go."""

    what: str
    path: Path
    bytes: int
    condition: str


def disk(
    connection: psycopg.Connection,
    now: Snapshot,
    earlier: Sequence[Mapping[str, Any]],
    room: Disk | None,
    leftovers: Sequence[Leftover],
    step: str,
) -> Diagnosis:
    """Say what fills the disk.  `earlier` are snapshots as the journal has them, oldest first; `room` is the server's
    disk where it can be seen from here."""
    findings = tuple(item for item in now.findings if item.code in FINDINGS)
    wal = ask(connection, "wal")
    growth = now.figures.get("growth_bytes_per_day")
    figures = [
        Figure("databases", sum(now.databases.values()), "bytes", step),
        Figure("write-ahead log", wal["bytes"] if wal else None, "bytes", step),
        Figure("free on the server's disk", room.free if room else None, "bytes", step),
        Figure("growth per day", round(growth) if growth is not None else None, "bytes", step),
        *(Figure(item.what, item.bytes, "bytes", step) for item in leftovers),
        *(
            Figure(f"{item.kind} {item.schema}.{item.name}", item.bytes, "bytes", step)
            for item in now.relations[:_MOST]
        ),
    ]
    changes = tuple(_growth(now, earlier[0], step)) if earlier else ()
    blind = [line for item in now.examined if item.check == "disk" for line in item.blind]
    if wal is None:
        blind.append("the write-ahead log: only a member of pg_monitor may list it")
    return Diagnosis(
        "disk",
        _sentence(room, growth),
        figures=tuple(figures),
        changes=changes,
        findings=findings,
        steps=tuple(_steps(findings, leftovers, room)),
        never=NEVER,
        blind=tuple(blind),
    )


def _sentence(room: Disk | None, growth: float | None) -> str:
    if room is None:
        return "The server's disk cannot be seen from here; what its databases hold can."
    of = f" of {render(room.total, 'bytes')}" if room.total is not None else ""
    said = f"{render(room.free, 'bytes')}{of} are free"
    if growth is None:
        return f"{said}; how fast they go was not measured: it needs two checks, a day apart."
    if growth <= 0:
        return f"{said}, and the databases do not grow."
    return f"{said}; at {render(growth, 'bytes')} a day they last {render(room.free / growth * _DAY, 'seconds')}."


def _growth(now: Snapshot, first: Mapping[str, Any], step: str) -> Iterator[Change]:
    """Name the relations that grew most since the first snapshot."""
    before = {(item["schema"], item["name"]): item["bytes"] for item in first["relations"]}
    days = (datetime.fromisoformat(now.at) - datetime.fromisoformat(first["at"])).total_seconds() / _DAY
    grown = sorted(
        now.relations, key=lambda item: item.bytes - before.get((item.schema, item.name), 0), reverse=True
    )
    for item in grown[:_MOST]:
        old = before.get((item.schema, item.name), 0)
        if item.bytes - old < _GROWTH or days <= 0:
            continue
        yield Change(
            f"{item.kind} {item.schema}.{item.name}",
            Figure("bytes", old, "bytes", step),
            Figure("bytes", item.bytes, "bytes", step),
        )


def _steps(
    findings: Sequence[HealthFinding], leftovers: Sequence[Leftover], room: Disk | None
) -> Iterator[NextStep]:
    yield NextStep(
        "Look at what is largest, before anything is removed",
        "SELECT c.oid::regclass, pg_size_pretty(pg_total_relation_size(c.oid)) FROM pg_class c"
        " WHERE c.relkind IN ('r', 'm') ORDER BY pg_total_relation_size(c.oid) DESC LIMIT 20;",
        "reads only",
    )
    early = {code: rank for code, rank in ORDER.items() if rank <= ORDER["TEMPORARY_FILES"]}
    yield from steps_of(findings, early)
    for item in leftovers:
        if item.bytes:
            yield NextStep(f"{item.what}: {render(item.bytes, 'bytes')} in {item.path}", "", item.condition)
    fitting = [item for item in findings if _fits(item, room)]
    yield from steps_of(fitting, {code: rank for code, rank in ORDER.items() if code not in early})
    yield NextStep(
        "Keep only the rows that are needed, by a rule with a way back",
        "",
        "what is dropped is gone: archive it first",
    )


def _fits(finding: HealthFinding, room: Disk | None) -> bool:
    """Leave out a rebuild that the disk has no room for: it needs the size of the new index beside the old one."""
    size = finding.facts.get("bytes")
    if finding.code != "INDEX_BLOATED" or room is None or not isinstance(size, int):
        return True
    return room.free > size
