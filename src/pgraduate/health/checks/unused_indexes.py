"""Indexes that no query has read while the statistics were kept long enough to tell.

Unique ones, those behind a constraint, an expression (whose statistics the planner uses) or a foreign key are never
called unused.  Below the window nothing is: after a migration all counters are 0.
"""

from __future__ import annotations

from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import Row, ask
from pgraduate.health.thresholds import DAY
from pgraduate.model.figure import render
from pgraduate.model.finding import Severity
from pgraduate.postgres.identifiers import qualified

_FEW_SCANS = 50
_FEW_SHARE = 0.05
_MANY_WRITES = 100


class UnusedIndexes:
    name: ClassVar[str] = "unused_indexes"
    title: ClassVar[str] = "Unused indexes"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, facts: Facts, /) -> Examination:
        limits = facts.thresholds
        if facts.observed_seconds < limits.unused_window:
            days, needed = facts.observed_seconds / DAY, limits.unused_window / DAY
            reason = f"the counters cover {days:.1f} of the {needed:.0f} days that tell an unused index"
            return Examination(self.name, 0, "indexes", skipped=reason)
        rows = ask(connection, self.name)
        found = tuple(
            _finding(row, facts) for row in rows if row["bytes"] >= limits.unused_bytes and _is_unused(row)
        )
        blind: tuple[str, ...] = ("a query that runs once a quarter may not have run in the window",)
        standbys = max((row["standbys"] for row in rows), default=0)
        if standbys:
            blind += (f"{standbys} standbys count their own reads, which are not seen here",)
        return Examination(self.name, len(rows), "indexes", found, blind)


def _is_unused(row: Row) -> bool:
    if row["scans"] == 0:
        return True
    share = row["scans"] / row["reads"] if row["reads"] else 0.0
    return row["scans"] <= _FEW_SCANS and share < _FEW_SHARE and row["writes"] > _MANY_WRITES


def _finding(row: Row, facts: Facts) -> HealthFinding:
    name = qualified(row["schema"], row["name"])
    days = facts.observed_seconds / DAY
    return HealthFinding(
        "INDEX_UNUSED",
        Severity.NOTICE if row["scans"] == 0 else Severity.INFO,
        name,
        f"read {row['scans']:,} times in {days:.0f} days, while its table was written {row['writes']:,} times",
        f"it takes {render(row['bytes'], 'bytes')} and work at every write",
        f"DROP INDEX CONCURRENTLY {name};",
        "a rare query may need it, and standbys count for themselves; to have it back: " + row["definition"],
        {
            "schema": row["schema"],
            "table": row["table"],
            "index": row["name"],
            "scans": row["scans"],
            "writes": row["writes"],
            "bytes": row["bytes"],
            "definition": row["definition"],
        },
    )
