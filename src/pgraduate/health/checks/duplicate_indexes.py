"""Indexes that another index of the same table replaces: the same definition, or the beginning of a longer one.

Two indexes are compared by access method, operator classes, collations, directions, expressions and predicate.  One
that is unique, backs a constraint, identifies rows for replication or belongs to a partition is never called
superfluous.  An exact copy is safe to drop; of a prefix a person decides, as the narrower one may be the faster.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import Row, ask
from pgraduate.model.figure import render
from pgraduate.model.finding import Severity
from pgraduate.postgres.identifiers import qualified


class DuplicateIndexes:
    name: ClassVar[str] = "duplicate_indexes"
    title: ClassVar[str] = "Duplicate indexes"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, facts: Facts, /) -> Examination:
        rows = ask(connection, self.name)
        found = tuple(
            _finding(victim, keeper)
            for _, group in groupby(rows, key=lambda row: row["relation"])
            for victim, keeper in replaced(list(group))
            if victim["bytes"] >= facts.thresholds.duplicate_bytes
        )
        return Examination(self.name, len(rows), "indexes", found)


def replaced(indexes: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    """Give each superfluous index of a table with the one that does its work."""
    gone: set[int] = set()
    for victim in sorted(indexes, key=lambda row: (len(row["keys"]), -row["oid"])):
        keepers = [row for row in indexes if row is not victim and row["oid"] not in gone and _covers(row, victim)]
        if not victim["needed"] and keepers:
            gone.add(victim["oid"])
            yield victim, max(keepers, key=lambda row: (_exact(row, victim), row["needed"]))


def _covers(keeper: Row, victim: Row) -> bool:
    if _exact(keeper, victim):
        return True
    plain = (
        keeper["method"] == victim["method"] == "btree" and not victim["expressions"] and 0 not in victim["keys"]
    )
    if not plain or keeper["predicate"] != victim["predicate"] or victim["included"]:
        return False
    size = len(victim["keys"])
    if len(keeper["keys"]) <= size:
        return False
    return all(keeper[part][:size] == victim[part][:size] for part in ("keys", "classes", "collations", "options"))


def _exact(keeper: Row, victim: Row) -> bool:
    parts = ("method", "keys", "included", "classes", "collations", "options", "expressions", "predicate")
    return all(keeper[part] == victim[part] for part in parts)


def _finding(victim: Row, keeper: Row) -> HealthFinding:
    exact = _exact(keeper, victim)
    name, other = qualified(victim["schema"], victim["name"]), qualified(keeper["schema"], keeper["name"])
    risk = (
        "DROP INDEX CONCURRENTLY waits for transactions that use the table; to have it back: "
        + victim["definition"]
    )
    if not exact:
        risk = "the shorter index may be the faster one where it fits into memory: measure first. " + risk
    return HealthFinding(
        "INDEX_DUPLICATE" if exact else "INDEX_PREFIX",
        Severity.NOTICE if exact else Severity.INFO,
        name,
        f"{other} {'is the same index' if exact else 'begins with its columns'}",
        f"it takes {render(victim['bytes'], 'bytes')} and work at every write",
        f"DROP INDEX CONCURRENTLY {name};",
        risk,
        {
            "schema": victim["schema"],
            "table": victim["table"],
            "index": victim["name"],
            "covered_by": keeper["name"],
            "exact": exact,
            "bytes": victim["bytes"],
            "definition": victim["definition"],
        },
    )
