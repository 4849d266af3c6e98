"""Extensions whose objects are older than the programs that the server has for them."""

from __future__ import annotations

from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import ask
from pgraduate.model.finding import Severity
from pgraduate.postgres.identifiers import quote


class Extensions:
    name: ClassVar[str] = "extensions"
    title: ClassVar[str] = "Versions of extensions"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, _facts: Facts, /) -> Examination:
        rows = ask(connection, self.name)
        found = tuple(
            HealthFinding(
                "EXTENSION_OLD",
                Severity.NOTICE,
                f"extension {quote(row['name'])}",
                f"version {row['version']} is installed, the server has {row['available']}",
                "mended faults and new functions are not there until it is updated",
                f"ALTER EXTENSION {quote(row['name'])} UPDATE;",
                "runs the extension's own script; read its release notes first",
                {"extension": row["name"], "version": row["version"], "available": row["available"]},
            )
            for row in rows
            if row["available"] is not None and row["version"] != row["available"]
        )
        return Examination(self.name, len(rows), "extensions", found)
