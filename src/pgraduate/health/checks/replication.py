"""Standbys and receivers that are behind."""

from __future__ import annotations

from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import ask
from pgraduate.model.figure import render
from pgraduate.model.finding import Severity


class Replication:
    name: ClassVar[str] = "replication"
    title: ClassVar[str] = "Replication lag"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, facts: Facts, /) -> Examination:
        rows = ask(connection, self.name)
        visible = [row for row in rows if row["bytes"] is not None]
        found = []
        for row in visible:
            seconds, behind = row["seconds"] or 0.0, int(row["bytes"])
            late = seconds >= facts.thresholds.replication_lag and behind > 0
            if late or behind >= facts.thresholds.replication_lag_bytes:
                found.append(
                    HealthFinding(
                        "REPLICA_BEHIND",
                        Severity.WARNING,
                        f"{row['name']} (process {row['pid']}, {row['state']})",
                        f"it is {render(behind, 'bytes')} of WAL behind"
                        + (f", {render(seconds, 'seconds')}" if seconds else ""),
                        "a fail-over now loses what it has not got; reads there are old",
                        "",
                        "look at its disk, its network and its long statements; nothing to run here",
                        {"pid": row["pid"], "bytes": behind, "seconds": seconds},
                    )
                )
        blind: tuple[str, ...] = ()
        if len(visible) < len(rows):
            blind = (
                f"{len(rows) - len(visible)} receivers are hidden from {facts.role}: pg_monitor would show them",
            )
        lag = max((int(row["bytes"]) for row in visible), default=0)
        return Examination(
            self.name, len(visible), "receivers", tuple(found), blind, {"replication_lag_bytes": lag}
        )
