"""WAL archiving that fails: point-in-time recovery ends where it stopped, and WAL fills the disk."""

from __future__ import annotations

from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import ask
from pgraduate.model.finding import Severity


class Archiver:
    name: ClassVar[str] = "archiver"
    title: ClassVar[str] = "WAL archiving"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, _facts: Facts, /) -> Examination:
        (row,) = ask(connection, self.name)
        if not row["enabled"]:
            return Examination(self.name, 0, "archivers", (), ("WAL is not archived: no point-in-time recovery",))
        found: tuple[HealthFinding, ...] = ()
        if row["failing"]:
            found = (
                HealthFinding(
                    "ARCHIVING_FAILS",
                    Severity.ERROR,
                    "server",
                    f"the last attempt to archive a WAL segment failed, {row['failed']:,} in all",
                    "point-in-time recovery ends before it, and the server keeps all WAL until the disk is full",
                    "SELECT * FROM pg_stat_archiver;",
                    "reads only; the server's log has what archive_command said",
                    {"failed": row["failed"], "archived": row["archived"]},
                ),
            )
        return Examination(self.name, 1, "archivers", found, (), {"wal_segments_not_archived": row["failed"]})
