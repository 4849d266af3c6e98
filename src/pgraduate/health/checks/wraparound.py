"""How near the server is to the end of its transaction and multixact numbers, where it stops taking writes.

Source: PostgreSQL's documentation, "Preventing Transaction ID Wraparound Failures".
"""

from __future__ import annotations

from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import Row, ask
from pgraduate.model.finding import Severity
from pgraduate.postgres.identifiers import qualified


class Wraparound:
    name: ClassVar[str] = "wraparound"
    title: ClassVar[str] = "Transaction numbers"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, facts: Facts, /) -> Examination:
        rows = ask(connection, "wraparound_databases")
        tables = ask(connection, "wraparound_tables")
        found = tuple(finding for row in rows if (finding := _finding(row, tables, facts)) is not None)
        oldest = max(int(row["xids"]) for row in rows)
        multixacts = max(int(row["multixacts"]) for row in rows)
        figures = {"oldest_transaction_age": oldest, "oldest_multixact_age": multixacts}
        return Examination(self.name, len(rows), "databases", found, (), figures)


def _finding(row: Row, tables: list[Row], facts: Facts) -> HealthFinding | None:
    xids, multixacts = int(row["xids"]), int(row["multixacts"])
    age, kind = max((xids, "transactions"), (multixacts, "multixacts"))
    if age < facts.thresholds.wraparound_warning:
        return None
    command = "\n".join(
        f"VACUUM (FREEZE, VERBOSE) {qualified(table['schema'], table['name'])};" for table in tables[:3]
    )
    return HealthFinding(
        "WRAPAROUND_NEAR",
        Severity.ERROR if age >= facts.thresholds.wraparound_error else Severity.WARNING,
        f"database {row['name']}",
        f"its oldest row is {age:,} {kind} old; at {2**31 - 3_000_000:,} the server stops taking writes",
        "autovacuum should have frozen it long ago: something holds it back (see the check horizon)",
        command if row["current"] else "",
        "reads and writes go on; uses the disk for a while"
        if row["current"]
        else "run the check in that database for the tables",
        {"database": row["name"], "xids": xids, "multixacts": multixacts},
    )
