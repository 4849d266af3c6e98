"""Tables whose rows do not survive a crash, and are on no standby and in no base backup."""

from __future__ import annotations

from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import ask
from pgraduate.model.finding import Severity
from pgraduate.postgres.identifiers import qualified


class UnloggedTables:
    name: ClassVar[str] = "unlogged_tables"
    title: ClassVar[str] = "Unlogged tables"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, _facts: Facts, /) -> Examination:
        rows = ask(connection, self.name)
        found = tuple(
            HealthFinding(
                "TABLE_UNLOGGED",
                Severity.NOTICE,
                qualified(row["schema"], row["name"]),
                "the table is UNLOGGED",
                "after a crash it is empty, and standbys and base backups do not have its rows",
                f"ALTER TABLE {qualified(row['schema'], row['name'])} SET LOGGED;",
                "rewrites the table under ACCESS EXCLUSIVE; leave it where the rows can be made again",
                {"schema": row["schema"], "table": row["name"]},
            )
            for row in rows
            if row["unlogged"]
        )
        return Examination(self.name, len(rows), "tables", found)
