"""Collations whose library changed since the server recorded its version: text indexes may be out of order.

Source: PostgreSQL's documentation of ALTER COLLATION, "Notes".
"""

from __future__ import annotations

from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import ask
from pgraduate.model.finding import Severity
from pgraduate.postgres.identifiers import qualified, quote

_WHY = "an index that was sorted by the old rules misses rows and lets duplicates in"


class Collations:
    name: ClassVar[str] = "collations"
    title: ClassVar[str] = "Collation versions"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, facts: Facts, /) -> Examination:
        rows = ask(connection, self.name)
        found = [
            HealthFinding(
                "COLLATION_CHANGED",
                Severity.ERROR if row["indexes"] else Severity.NOTICE,
                f"collation {qualified(row['schema'], row['name'])}",
                f"recorded version {row['recorded']}, the library now has {row['actual']}; {row['indexes']} indexes use it",
                _WHY,
                f"ALTER COLLATION {qualified(row['schema'], row['name'])} REFRESH VERSION;",
                "only records the new version: first REINDEX INDEX CONCURRENTLY every index that uses it",
                {"collation": row["name"], "indexes": row["indexes"]},
            )
            for row in rows
            if row["actual"] is not None and row["recorded"] != row["actual"]
        ]
        examined, blind = len(rows), []
        if facts.version >= 150000:
            (row,) = ask(connection, "collation_of_database")
            examined += row["recorded"] is not None
            if row["recorded"] is not None and row["actual"] is not None and row["recorded"] != row["actual"]:
                found.append(
                    HealthFinding(
                        "COLLATION_CHANGED",
                        Severity.ERROR,
                        f"database {row['name']}",
                        f"its default collation was recorded as {row['recorded']}, the library now has {row['actual']}",
                        _WHY,
                        f"ALTER DATABASE {quote(row['name'])} REFRESH COLLATION VERSION;",
                        "only records the new version: first rebuild every index over text (REINDEX DATABASE CONCURRENTLY)",
                        {"database": row["name"]},
                    )
                )
        else:
            blind.append("before PostgreSQL 15 no version of the database's own collation is recorded")
        return Examination(self.name, examined, "collations", tuple(found), tuple(blind))
