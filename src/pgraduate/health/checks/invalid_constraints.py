"""Constraints that were added NOT VALID: new rows obey them, older ones may not."""

from __future__ import annotations

from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import ask
from pgraduate.model.finding import Severity
from pgraduate.postgres.identifiers import qualified, quote


class InvalidConstraints:
    name: ClassVar[str] = "invalid_constraints"
    title: ClassVar[str] = "Constraints not validated"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, _facts: Facts, /) -> Examination:
        rows = ask(connection, self.name)
        found = tuple(
            HealthFinding(
                "CONSTRAINT_NOT_VALID",
                Severity.NOTICE,
                f"{qualified(row['schema'], row['table'])}, constraint {quote(row['name'])}",
                "rows that were there before the constraint were never checked",
                "the planner does not rely on it, and a restore of a dump can fail on it",
                f"ALTER TABLE {qualified(row['schema'], row['table'])} VALIDATE CONSTRAINT {quote(row['name'])};",
                "reads the whole table; writes go on; fails, and changes nothing, where a row breaks it",
                {"schema": row["schema"], "table": row["table"], "constraint": row["name"], "kind": row["kind"]},
            )
            for row in rows
            if not row["valid"]
        )
        return Examination(self.name, len(rows), "constraints", found)
