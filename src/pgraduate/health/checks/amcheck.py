"""The order inside B-tree indexes, and that each row of the table is in them, read page by page (extension amcheck)."""

from __future__ import annotations

from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import Row, ask
from pgraduate.model.finding import Severity
from pgraduate.postgres.identifiers import qualified


class Amcheck:
    name: ClassVar[str] = "amcheck"
    title: ClassVar[str] = "Damaged indexes"
    on_demand: ClassVar[bool] = True

    def run(self, connection: psycopg.Connection, facts: Facts, /) -> Examination:
        schema = facts.extensions.get("amcheck")
        if schema is None:
            return Examination(self.name, 0, "indexes", skipped="the extension amcheck is not installed here")
        (row,) = ask(connection, "amcheck_allowed", {"schema": schema})
        if not row["allowed"]:
            return Examination(self.name, 0, "indexes", skipped=f"role {facts.role} may not call bt_index_check")
        indexes = ask(connection, "btree_indexes")
        found = tuple(finding for index in indexes if (finding := _examine(connection, schema, index)) is not None)
        blind = ("other kinds of index than B-tree, and the rows themselves, are not examined",)
        return Examination(self.name, len(indexes), "indexes", found, blind)


def _examine(connection: psycopg.Connection, schema: str, index: Row) -> HealthFinding | None:
    try:
        with connection.transaction():
            ask(connection, "amcheck", {"index": index["oid"]}, schema=schema)
    except (psycopg.errors.IndexCorrupted, psycopg.errors.DataCorrupted):
        name = qualified(index["schema"], index["name"])
        return HealthFinding(
            "INDEX_DAMAGED",
            Severity.ERROR,
            name,
            "its entries are not in order, or lack rows of the table",
            "queries through it give wrong answers, and a unique one lets duplicates in",
            f"REINDEX INDEX CONCURRENTLY {name};",
            "mends the index, not the cause: look for a changed collation, a changed function, memory and disk",
            {"schema": index["schema"], "index": index["name"], "table": index["table"]},
        )
    return None
