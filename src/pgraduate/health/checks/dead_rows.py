"""Dead rows and autovacuum's lag behind its own triggers.

A trigger that is passed is not yet lag: autovacuum looks once a minute and may be at work.  It counts once it is passed
twice over and nothing has come by for an hour, or where autovacuum is switched off.
Source: PostgreSQL's documentation, "The Autovacuum Daemon": threshold + scale factor × reltuples.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import Row, ask
from pgraduate.model.figure import render
from pgraduate.model.finding import Severity
from pgraduate.postgres.identifiers import qualified


class DeadRows:
    name: ClassVar[str] = "dead_rows"
    title: ClassVar[str] = "Dead rows and autovacuum"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, facts: Facts, /) -> Examination:
        rows = ask(connection, "vacuum_state")
        found = [finding for row in rows for finding in _findings(row, facts)]
        figures = {"dead_rows": sum(row["dead"] for row in rows)}
        blind = ("the counters are estimates, and are lost when the server crashes",)
        return Examination(self.name, len(rows), "tables", tuple(found), blind, figures)


def _findings(row: Row, facts: Facts) -> Iterator[HealthFinding]:
    limits, table = facts.thresholds, qualified(row["schema"], row["name"])
    vacuum = f"VACUUM (ANALYZE) {table};"
    risk = "reads and writes go on; uses the disk for a while"
    about = {"schema": row["schema"], "table": row["name"], "dead": row["dead"], "live": row["live"]}
    if not row["enabled"]:
        yield HealthFinding(
            "AUTOVACUUM_OFF",
            Severity.WARNING,
            table,
            "autovacuum is switched off for this table",
            "its dead rows stay and its statistics grow old until somebody vacuums it",
            f"ALTER TABLE {table} RESET (autovacuum_enabled);",
            "autovacuum will come by; take the setting away only if nobody else vacuums the table",
            about,
        )
    share = row["dead"] / max(1, row["dead"] + row["live"])
    if row["dead"] >= limits.dead_rows and share >= limits.dead_share:
        yield HealthFinding(
            "DEAD_ROWS",
            Severity.WARNING,
            table,
            f"{row['dead']:,} of its rows are dead, {share:.0%}",
            "every read of the table reads past them",
            vacuum,
            risk + "; frees nothing while an old snapshot holds them (see the check horizon)",
            about,
        )
    waited = row["vacuumed"] if row["vacuumed"] is not None else facts.observed_seconds
    if row["dead"] > limits.autovacuum_lag * row["vacuum_trigger"] and waited > limits.autovacuum_wait:
        since = render(waited, "seconds")
        yield HealthFinding(
            "AUTOVACUUM_BEHIND",
            Severity.WARNING,
            table,
            f"{row['dead']:,} dead rows, autovacuum should come at {row['vacuum_trigger']:,.0f}; nothing came for {since}",
            "autovacuum is too slow, stopped by locks, or switched off",
            vacuum,
            risk,
            about,
        )
