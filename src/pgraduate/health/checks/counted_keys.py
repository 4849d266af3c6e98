"""Keys that the application counts up itself (max + 1), near the end of their type: no sequence tells of them.

The largest and the smallest key are one probe of the primary key's index each; every probe is rolled back, so that no
lock is kept.  Whether keys count up cannot be told from the catalog: where they are far apart they may be random, which
has no end, and the finding is a notice only.
"""

from __future__ import annotations

from typing import ClassVar

import psycopg
from psycopg import sql

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import Row, ask
from pgraduate.model.finding import Severity
from pgraduate.postgres.identifiers import qualified, quote

_LAST = {"smallint": 2**15 - 1, "integer": 2**31 - 1}
_DENSE = 0.01
"""Rows per number between the smallest and the largest key from which on keys count up.  A million random keys of four
bytes are 0.0005; keys that count up would have to lose 99 of 100 rows in between."""


class CountedKeys:
    name: ClassVar[str] = "counted_keys"
    title: ClassVar[str] = "Keys without a sequence near their end"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, facts: Facts, /) -> Examination:
        rows = ask(connection, self.name)
        found, blind, examined = [], [], 0
        for row in rows:
            if not row["readable"]:
                continue
            try:
                low, high = _ends(connection, row)
            except psycopg.errors.LockNotAvailable:
                blind.append(f"{qualified(row['schema'], row['table'])}: another session holds a lock on it")
                continue
            examined += 1
            if high is not None and high / _LAST[row["type"]] >= facts.thresholds.sequence_warning:
                found.append(_finding(row, low, high, facts))
        hidden = sum(not row["readable"] for row in rows)
        if hidden:
            blind.append(f"{hidden} tables may not be read whole by role {facts.role}")
        return Examination(self.name, examined, "keys", tuple(found), tuple(blind))


def _ends(connection: psycopg.Connection, row: Row) -> tuple[int | None, int | None]:
    question = sql.SQL("SELECT min({column}), max({column}) FROM {table}").format(
        column=sql.Identifier(row["column"]), table=sql.Identifier(row["schema"], row["table"])
    )
    with connection.transaction(force_rollback=True):
        found = connection.execute(question).fetchone()
    assert found is not None
    return found[0], found[1]


def _finding(row: Row, low: int | None, high: int, facts: Facts) -> HealthFinding:
    table, column = qualified(row["schema"], row["table"]), quote(row["column"])
    share = high / _LAST[row["type"]]
    span = high - (low or 0) + 1
    sparse = row["rows"] >= 0 and row["rows"] / span < _DENSE
    severity = Severity.ERROR if share >= facts.thresholds.sequence_error else Severity.WARNING
    what = f"its largest key is at {share:.0%} of what {row['type']} holds, and no sequence feeds it"
    if sparse:
        severity = Severity.NOTICE
        what += f"; keys are far apart (about {row['rows']:,.0f} rows): random ones have no end, counted ones do"
    return HealthFinding(
        "KEY_NEAR_ITS_END",
        severity,
        f"{table}.{column}",
        what,
        "an application that takes the largest key and adds one fails at the first INSERT beyond it",
        f"ALTER TABLE {table} ALTER COLUMN {column} TYPE bigint;",
        "rewrites the table under ACCESS EXCLUSIVE, foreign keys to it have to change, too; on a large table add a bigint"
        " column, fill it in batches and swap",
        {
            "schema": row["schema"],
            "table": row["table"],
            "column": row["column"],
            "share": round(share, 4),
            "sparse": sparse,
        },
    )
