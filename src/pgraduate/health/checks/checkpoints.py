"""Checkpoints that came early because max_wal_size was used up: each writes full pages again."""

from __future__ import annotations

from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import ask
from pgraduate.model.figure import render
from pgraduate.model.finding import Severity


class Checkpoints:
    name: ClassVar[str] = "checkpoints"
    title: ClassVar[str] = "Checkpoints"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, facts: Facts, /) -> Examination:
        (row,) = ask(connection, self.name if facts.version >= 170000 else "checkpoints_before_17")
        timed, requested = int(row["timed"]), int(row["requested"])
        total = timed + requested
        figures = {"checkpoints_timed": timed, "checkpoints_requested": requested}
        blind = ("a checkpoint that a person or a backup asked for counts as requested",)
        found: tuple[HealthFinding, ...] = ()
        limits = facts.thresholds
        if total >= limits.checkpoints and requested / total >= limits.checkpoints_requested:
            found = (
                HealthFinding(
                    "CHECKPOINTS_TOO_FREQUENT",
                    Severity.NOTICE,
                    "server",
                    f"{requested:,} of {total:,} checkpoints came before their time, one checkpoint every "
                    f"{render(row['seconds'] / total, 'seconds')}",
                    f"WAL reaches max_wal_size ({row['max_wal_size']}) first; after each checkpoint whole pages are logged",
                    "ALTER SYSTEM SET max_wal_size = '4GB'; SELECT pg_reload_conf();",
                    "needs that much disk; recovery after a crash takes longer",
                    {"timed": timed, "requested": requested, "seconds": round(row["seconds"], 1)},
                ),
            )
        return Examination(self.name, total, "checkpoints", found, blind, figures)
