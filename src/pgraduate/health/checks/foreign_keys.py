"""Foreign keys without an index behind them: every delete of a parent reads the whole child table."""

from __future__ import annotations

from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import ask
from pgraduate.model.finding import Severity
from pgraduate.postgres.identifiers import qualified, quote


class ForeignKeys:
    name: ClassVar[str] = "foreign_keys"
    title: ClassVar[str] = "Foreign keys without an index"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, facts: Facts, /) -> Examination:
        rows = ask(connection, "unindexed_foreign_keys")
        found = tuple(
            HealthFinding(
                "FOREIGN_KEY_WITHOUT_INDEX",
                Severity.NOTICE,
                f"{qualified(row['schema'], row['table'])}, foreign key {quote(row['name'])}",
                f"no index begins with its columns; the table has about {row['rows']:,} rows",
                f"deleting a row of {qualified(row['parent_schema'], row['parent'])} reads the whole table",
                f"CREATE INDEX CONCURRENTLY ON {qualified(row['schema'], row['table'])} "
                f"({', '.join(map(quote, row['columns']))});",
                "takes disk and slows writes; of no use where parents are never deleted or changed",
                {"schema": row["schema"], "table": row["table"], "columns": row["columns"], "rows": row["rows"]},
            )
            for row in rows
            if not row["indexed"] and row["rows"] >= facts.thresholds.foreign_key_rows
        )
        return Examination(self.name, len(rows), "foreign keys", found)
