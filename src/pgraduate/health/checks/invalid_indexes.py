"""Indexes that a failed CONCURRENTLY left behind: no query uses them, every write still maintains them.

Source: PostgreSQL's documentation of CREATE INDEX, "Building Indexes Concurrently", and of REINDEX.
"""

from __future__ import annotations

from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import Row, ask
from pgraduate.model.finding import Severity
from pgraduate.postgres.identifiers import qualified


class InvalidIndexes:
    name: ClassVar[str] = "invalid_indexes"
    title: ClassVar[str] = "Invalid indexes"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, _facts: Facts, /) -> Examination:
        rows = ask(connection, self.name)
        (all_indexes,) = ask(connection, "count_indexes")
        blind = [f"{qualified(row['schema'], row['name'])}: an index is being built on its table now"
                 for row in rows if row["in_work"]]  # fmt: skip
        found = tuple(_finding(row) for row in rows if not row["in_work"])
        return Examination(self.name, all_indexes["count"], "indexes", found, tuple(blind))


def _finding(row: Row) -> HealthFinding:
    index = qualified(row["schema"], row["name"])
    leftover = row["is_new_copy"] or row["is_old_copy"]
    if row["partitioned"]:
        what, command = "the index of a partitioned table lacks the index of a partition", ""
        risk = "build the index of each partition CONCURRENTLY and attach it"
    elif leftover:
        what, command = "a REINDEX CONCURRENTLY that failed left this copy", f"DROP INDEX CONCURRENTLY {index};"
        risk = "waits for transactions that use the table; takes no lock that stops reads or writes"
    else:
        what, command = "a CREATE INDEX CONCURRENTLY that failed left it", f"REINDEX INDEX CONCURRENTLY {index};"
        risk = "builds the index again beside the table's work"
        if row["is_unique"]:
            risk += "; fails again, and leaves a copy named _ccnew, where rows are not unique"
    return HealthFinding(
        "INDEX_INVALID",
        Severity.WARNING,
        index,
        what,
        "no query uses it, and every write maintains it",
        command,
        risk,
        {
            "schema": row["schema"],
            "table": row["table"],
            "index": row["name"],
            "leftover": leftover,
            "partitioned": row["partitioned"],
            "bytes": row["bytes"],
            "definition": row["definition"],
        },
    )
