"""Indexes that a failed CONCURRENTLY left behind: no query uses them, every write still maintains them.

What was meant cannot be told from the catalog in one case: a DROP INDEX CONCURRENTLY that was cut off early looks like a
CREATE that failed.  Cut off later, the index is dead and only a drop is left to do.

Source: PostgreSQL's documentation of CREATE INDEX, "Building Indexes Concurrently", and of REINDEX and DROP INDEX.
"""

from __future__ import annotations

from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import Row, ask
from pgraduate.model.finding import Severity
from pgraduate.postgres.identifiers import qualified, quote


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
    repair, what, risk = _repair(row)
    commands = {"drop": f"DROP INDEX CONCURRENTLY {index};", "rebuild": f"REINDEX INDEX CONCURRENTLY {index};"}
    return HealthFinding(
        "INDEX_INVALID",
        Severity.WARNING,
        index,
        what,
        "no query uses it, and every write maintains it",
        commands.get("drop" if repair == "twin" else repair, ""),
        risk,
        {
            "schema": row["schema"],
            "table": row["table"],
            "index": row["name"],
            "repair": repair,
            "bytes": row["bytes"],
            "table_bytes": row["table_bytes"],
            "definition": row["definition"],
        },
    )


def _repair(row: Row) -> tuple[str, str, str]:
    """Give one of drop, rebuild, twin (drop it, where a person agrees) and by hand, with what happened and the risk."""
    drops = "waits for transactions that use the table; takes no lock that stops reads or writes"
    if row["partitioned"]:
        what = "the index of a partitioned table lacks the index of a partition"
        return "by hand", what, "build the index of each partition CONCURRENTLY and attach it"
    if row["is_new_copy"] or row["is_old_copy"]:
        return "drop", "a REINDEX CONCURRENTLY that failed left this copy", drops
    if row["half_dropped"]:
        return "drop", "a DROP INDEX CONCURRENTLY that was cut off left it", drops
    what = "a CREATE INDEX CONCURRENTLY that failed left it"
    if row["twin"] is not None:
        return "twin", f"{what}, and {quote(row['twin'])} is the same index, valid", drops
    if row["is_exclusion"]:
        return (
            "by hand",
            what,
            "an exclusion constraint is not built CONCURRENTLY: REINDEX INDEX stops all writes meanwhile",
        )
    risk = "builds the index again beside the table's work; if it was being dropped, drop it instead"
    if row["is_unique"]:
        risk += "; fails again, and leaves a copy named _ccnew, where rows are not unique"
    return "rebuild", what, risk
