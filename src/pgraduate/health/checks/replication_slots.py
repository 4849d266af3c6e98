"""Replication slots that make the server keep WAL: a forgotten one fills the disk."""

from __future__ import annotations

from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import Row, ask
from pgraduate.model.figure import render
from pgraduate.model.finding import Severity


class ReplicationSlots:
    name: ClassVar[str] = "replication_slots"
    title: ClassVar[str] = "Replication slots"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, facts: Facts, /) -> Examination:
        rows = ask(connection, self.name)
        found = tuple(finding for row in rows if (finding := _finding(row, facts)) is not None)
        retained = max((int(row["retained"] or 0) for row in rows), default=0)
        return Examination(self.name, len(rows), "slots", found, (), {"slot_retained_bytes": retained})


def _finding(row: Row, facts: Facts) -> HealthFinding | None:
    limits, retained = facts.thresholds, int(row["retained"] or 0)
    literal = "'" + row["name"] + "'"  # the server allows a-z, 0-9 and _ in a slot's name
    drop = f"SELECT pg_drop_replication_slot({literal});"
    where = f"replication slot {row['name']}"
    facts_of = {"slot": row["name"], "retained": retained, "active": row["active"], "wal_status": row["wal_status"]}
    if row["wal_status"] in ("lost", "unreserved"):
        return HealthFinding(
            "SLOT_LOST",
            Severity.ERROR,
            where,
            "WAL that its consumer needs is gone" if row["wal_status"] == "lost" else "its WAL is about to go",
            "the consumer cannot go on and has to be made anew",
            drop,
            "the consumer has to begin anew, which it must in any case",
            facts_of,
        )
    if retained < limits.slot_warning_bytes:
        return None
    severity = Severity.ERROR if retained >= limits.slot_error_bytes else Severity.WARNING
    state = "in use, but behind" if row["active"] else "used by nobody"
    return HealthFinding(
        "SLOT_KEEPS_WAL",
        severity,
        where,
        f"it is {state}, and the server keeps {render(retained, 'bytes')} of WAL for it",
        "WAL grows until the disk is full, and then the server stops",
        "" if row["active"] else drop,
        "the consumer has to begin anew" if not row["active"] else "find out why its consumer is slow",
        facts_of,
    )
