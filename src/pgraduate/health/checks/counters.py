"""Counters of the database that should stay low: damaged pages, deadlocks, temporary files."""

from __future__ import annotations

from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import ask
from pgraduate.health.thresholds import DAY
from pgraduate.model.figure import render
from pgraduate.model.finding import Severity


class Counters:
    name: ClassVar[str] = "counters"
    title: ClassVar[str] = "Damaged pages, deadlocks, temporary files"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, facts: Facts, /) -> Examination:
        (row,) = ask(connection, "database_counters")
        days, where = max(1.0, facts.observed_seconds / DAY), f"database {facts.database}"
        found = []
        if row["checksum_failures"]:
            found.append(
                HealthFinding(
                    "PAGES_DAMAGED",
                    Severity.ERROR,
                    where,
                    f"{row['checksum_failures']:,} pages were read whose checksum was wrong",
                    "the disk or the memory changes data; more is damaged than was read so far",
                    "",
                    "stop, copy the data directory, restore from a backup that a drill has proven; replace the disk",
                    {"failures": row["checksum_failures"]},
                )
            )
        if row["deadlocks"] / days >= facts.thresholds.deadlocks_per_day:
            found.append(
                HealthFinding(
                    "DEADLOCKS",
                    Severity.NOTICE,
                    where,
                    f"{row['deadlocks']:,} transactions were ended by a deadlock",
                    "the application takes the same locks in two orders, and loses work each time",
                    "ALTER SYSTEM SET log_lock_waits = on; SELECT pg_reload_conf();",
                    "logs who waits for whom; the server's log names the statements of each deadlock already",
                    {"deadlocks": row["deadlocks"]},
                )
            )
        if row["temp_bytes"] / days >= facts.thresholds.temp_bytes_per_day:
            found.append(
                HealthFinding(
                    "TEMPORARY_FILES",
                    Severity.NOTICE,
                    where,
                    f"{row['temp_files']:,} temporary files, {render(round(row['temp_bytes'] / days), 'bytes')} a day",
                    "sorts and joins that do not fit into work_mem are done on the disk",
                    "ALTER SYSTEM SET log_temp_files = '10MB'; SELECT pg_reload_conf();",
                    "logs the statements, with their values; then tune them, or raise work_mem for their role",
                    {"temp_bytes": int(row["temp_bytes"])},
                )
            )
        blind = () if row["checksums"] else ("data checksums are off: a damaged page is noticed by nobody",)
        figures = {"deadlocks": row["deadlocks"], "temp_bytes": int(row["temp_bytes"])}
        return Examination(self.name, 3, "counters", tuple(found), blind, figures)
