"""Identities and sequences near their end: the next INSERT after it fails.

The end is the smaller one of the sequence's own limit and of the column that it feeds.
"""

from __future__ import annotations

from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import Row, ask
from pgraduate.model.finding import Severity
from pgraduate.postgres.identifiers import qualified, quote

_LAST = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**63 - 1}


class Sequences:
    name: ClassVar[str] = "sequences"
    title: ClassVar[str] = "Identities near their end"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, facts: Facts, /) -> Examination:
        rows = ask(connection, self.name)
        found = tuple(finding for row in rows if (finding := _finding(row, facts)) is not None)
        hidden = sum(not row["readable"] for row in rows)
        blind = (f"{hidden} sequences may not be read by role {facts.role}",) if hidden else ()
        return Examination(self.name, len(rows) - hidden, "sequences", found, blind)


def _finding(row: Row, facts: Facts) -> HealthFinding | None:
    share = used_share(row)
    if share is None or share < facts.thresholds.sequence_warning:
        return None
    sequence = qualified(row["schema"], row["name"])
    severity = Severity.ERROR if share >= facts.thresholds.sequence_error else Severity.WARNING
    column, command = "", ""
    risk = "a longer sequence needs a column that holds its numbers"
    if row["owner_table"] is not None:
        table = qualified(row["owner_schema"], row["owner_table"])
        column = f", which feeds {table}.{quote(row['owner_column'])} ({row['owner_type']})"
        if row["owner_type"] in ("smallint", "integer"):
            command = f"ALTER TABLE {table} ALTER COLUMN {quote(row['owner_column'])} TYPE bigint;"
            risk = (
                "rewrites the table under ACCESS EXCLUSIVE, foreign keys to it have to change, too; on a large table add"
                " a bigint column, fill it in batches and swap"
            )
    return HealthFinding(
        "SEQUENCE_NEAR_ITS_END",
        severity,
        sequence,
        f"{share:.0%} of its numbers are used{column}",
        "the first INSERT after the last number fails",
        command,
        risk,
        {"schema": row["schema"], "sequence": row["name"], "share": round(share, 4)},
    )


def used_share(row: Row) -> float | None:
    """Give the share of the numbers that are used; None where it cannot end or was never used."""
    if row["cycles"] or row["last_value"] is None:
        return None
    limit = int(row["own_limit"])
    if row["owner_type"] in _LAST:
        last = _LAST[row["owner_type"]]
        limit = min(limit, last) if limit > 0 else max(limit, -last - 1)
    return max(0.0, int(row["last_value"]) / limit)
