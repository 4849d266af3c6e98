"""What keeps VACUUM from removing dead rows: old snapshots of sessions, slots and prepared transactions."""

from __future__ import annotations

from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import Row, ask
from pgraduate.model.figure import render
from pgraduate.model.finding import Severity


class Horizon:
    name: ClassVar[str] = "horizon"
    title: ClassVar[str] = "Old snapshots and prepared transactions"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, facts: Facts, /) -> Examination:
        rows = ask(connection, self.name)
        found = tuple(finding for row in rows if (finding := _finding(row, facts)) is not None)
        blind = () if facts.sees_all else ("snapshots of other roles' sessions are hidden",)
        oldest = max((int(row["age"]) for row in rows), default=0)
        return Examination(self.name, len(rows), "holders", found, blind, {"oldest_snapshot_transactions": oldest})


def _finding(row: Row, facts: Facts) -> HealthFinding | None:
    where = f"{row['kind']} {row['name']}"
    if row["kind"] == "prepared transaction" and row["seconds"] >= facts.thresholds.prepared_transaction:
        literal = "'" + row["name"].replace("'", "''") + "'"
        return HealthFinding(
            "PREPARED_TRANSACTION_FORGOTTEN",
            Severity.ERROR,
            where,
            f"has been prepared for {render(row['seconds'], 'seconds')} and was neither committed nor rolled back",
            "it keeps its locks over every restart and holds back VACUUM in the whole database",
            f"ROLLBACK PREPARED {literal};",
            "what it wrote is lost; COMMIT PREPARED keeps it: ask the coordinator which",
            {"gid": row["name"], "owner": row["owner"]},
        )
    if row["age"] < facts.thresholds.horizon_age:
        return None
    commands = {
        "session": (f"SELECT pg_terminate_backend({row['pid']});", "its transaction is rolled back"),
        "replication slot": (
            f"SELECT pg_drop_replication_slot('{row['name']}');",
            "its consumer has to begin anew",
        ),
        "prepared transaction": ("", "commit or roll it back; ask the coordinator which"),
    }
    command, risk = commands[row["kind"]]
    return HealthFinding(
        "VACUUM_HELD_BACK",
        Severity.WARNING,
        where,
        f"its snapshot is {row['age']:,} transactions old",
        "no dead row that is younger can be removed: tables and indexes grow whatever VACUUM does",
        command,
        risk,
        {"kind": row["kind"], "name": row["name"], "age": row["age"]},
    )
