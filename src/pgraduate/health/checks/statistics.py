"""Tables whose statistics are missing or old: the planner then guesses.

Lag is told as in `dead_rows`: a trigger passed twice over, and nothing for an hour.
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


class Statistics:
    name: ClassVar[str] = "statistics"
    title: ClassVar[str] = "Statistics of the planner"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, facts: Facts, /) -> Examination:
        rows = ask(connection, "vacuum_state")
        found = tuple(finding for row in rows for finding in _findings(row, facts))
        return Examination(self.name, len(rows), "tables", found)


def _findings(row: Row, facts: Facts) -> Iterator[HealthFinding]:
    limits, table = facts.thresholds, qualified(row["schema"], row["name"])
    about = {"schema": row["schema"], "table": row["name"], "modified": row["modified"], "live": row["live"]}
    command, risk = f"ANALYZE {table};", "reads a sample; plans may change, nearly always for the better"
    if row["estimated"] < 0 and row["live"] >= limits.statistics_rows:
        yield HealthFinding(
            "STATISTICS_MISSING",
            Severity.WARNING,
            table,
            f"about {row['live']:,} rows, and the table was never analyzed",
            "the planner guesses how many rows a condition leaves, and picks bad plans",
            command,
            risk,
            about,
        )
        return
    waited = row["analyzed"] if row["analyzed"] is not None else facts.observed_seconds
    if row["modified"] > limits.autovacuum_lag * row["analyze_trigger"] and waited > limits.autovacuum_wait:
        yield HealthFinding(
            "STATISTICS_OLD",
            Severity.NOTICE,
            table,
            f"{row['modified']:,} rows changed since its statistics were made {render(waited, 'seconds')} ago or more",
            "the planner knows the table as it was",
            command,
            risk,
            about,
        )
