"""Indexes that nobody needs: invalid, the same twice, the beginning of another, never used.

Nothing is dropped from here.  Never named are indexes that a constraint, a replica identity or uniqueness rests on, those
by which a table is clustered, and parts of a partitioned table's index; partial and expression indexes are never folded
into others (yb-voyager #2764, cockroach #73817), and an expression index also gives the planner statistics.  "Never used"
waits until the counters are old enough: after a migration all are 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from psycopg.rows import dict_row

from pgraduate.postgres.identifiers import qualified
from pgraduate.tune.indexes.catalog import Catalog, Index, question

WINDOW_DAYS = 14.0
"""The shortest time after which "never used" means something: two weeks hold two ends of a week."""
LEAST_BYTES = 10 << 20
"""Smaller indexes cost too little to be worth a risk."""


@dataclass(frozen=True, slots=True)
class Superfluous:
    """`sure` is True where dropping cannot change a plan: the same index stands twice, or this one is not usable."""

    name: str
    kind: str
    why: str
    sure: bool
    bytes: int
    drop: str
    undo: str


def superfluous(connection: psycopg.Connection, catalog: Catalog) -> tuple[Superfluous, ...]:
    """List indexes that could go, each with the statements that drop it and make it again."""
    with connection.cursor(row_factory=dict_row) as cursor:
        age = cursor.execute(question("statistics_age").encode()).fetchone()
    assert age is not None
    return judge_indexes(catalog, days=age["days"], replicas=age["replicas"])


def judge_indexes(catalog: Catalog, *, days: float, replicas: int) -> tuple[Superfluous, ...]:
    """Do so by counters that are some days old, on a server with so many replicas."""
    return (*_invalid(catalog), *_repeated(catalog), *_unused(catalog, days, replicas))


def _invalid(catalog: Catalog) -> Iterator[Superfluous]:
    for index in catalog.indexes:
        if not index.is_valid and not index.serves_constraint and not index.is_partition and not index.is_in_work:
            yield _found(
                index, "invalid", "a build of it failed; queries cannot use it, and writes keep it up", sure=True
            )


def _repeated(catalog: Catalog) -> Iterator[Superfluous]:
    named: set[str] = set()
    plain = [
        index for index in catalog.indexes if index.is_valid and not any("(" in part for part in index.columns)
    ]
    for index in filter(_may_go, plain):  # of two that are alike the younger goes, which stands first
        for other in plain:
            same_kind = other.method == index.method and other.predicate == index.predicate
            if other is index or other.table_oid != index.table_oid or not same_kind or other.name in named:
                continue
            if _keys(index) == _keys(other):
                named.add(index.name)
                yield _found(index, "duplicate", f"{other.name} has the same columns", sure=True)
                break
    for index in filter(_may_go, plain):
        if index.name in named or index.predicate is not None or index.method != "btree":
            continue
        for other in plain:
            begins = _keys(other).startswith(_keys(index) + ",") and other.predicate is None
            if (
                begins
                and other.table_oid == index.table_oid
                and other.method == "btree"
                and " INCLUDE " not in index.definition
            ):
                yield _found(
                    index,
                    "overlapping",
                    f"{other.name} begins with its columns; the narrower one may be faster",
                    sure=False,
                )
                break


def _unused(catalog: Catalog, days: float, replicas: int) -> Iterator[Superfluous]:
    if days < WINDOW_DAYS or replicas:
        return  # a replica counts for itself, and its reads are not seen here
    keys = {(key.table_oid, key.columns) for key in catalog.foreign_keys}
    for index in catalog.indexes:
        serves_key = any(index.table_oid == oid and index.columns[: len(names)] == names for oid, names in keys)
        special = index.predicate is not None or any("(" in column for column in index.columns)
        if _may_go(index) and not index.scans and index.bytes >= LEAST_BYTES and not serves_key and not special:
            yield _found(index, "unused", f"never used in {days:,.0f} days", sure=False)


def _may_go(index: Index) -> bool:
    kept = index.is_unique or index.is_primary or index.serves_constraint or index.is_replica_identity
    bound = index.is_exclusion or index.is_clustered or index.is_partition
    return index.is_valid and not kept and not bound


def _keys(index: Index) -> str:
    """Give the columns with their directions, and those carried along, as the server writes them."""
    body = index.definition.split(f" USING {index.method} (", 1)[1]
    return body.split(" WHERE ", 1)[0].removesuffix(")")


def _found(index: Index, kind: str, why: str, *, sure: bool) -> Superfluous:
    name = qualified(index.schema, index.name)
    return Superfluous(
        f"{index.schema}.{index.name}", kind, why, sure, index.bytes, f"DROP INDEX CONCURRENTLY {name}",
        index.definition.replace(" INDEX ", " INDEX CONCURRENTLY ", 1),
    )  # fmt: skip
