"""Which indexes are named as superfluous, and every exception from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgraduate.tune.indexes.catalog import Catalog, ForeignKey, Index
from pgraduate.tune.indexes.hygiene import WINDOW_DAYS, judge_indexes

UNUSED = Index(
    table_oid=1,
    schema="s",
    name="i",
    definition="CREATE INDEX i ON s.t USING btree (a)",
    method="btree",
    is_unique=False,
    is_primary=False,
    is_valid=True,
    is_ready=True,
    is_replica_identity=False,
    is_exclusion=False,
    serves_constraint=False,
    is_clustered=False,
    is_partition=False,
    is_in_work=False,
    predicate=None,
    keys=1,
    columns=("a",),
    bytes=64 << 20,
    scans=0,
    comment=None,
)
INVALID = replace(UNUSED, is_valid=False)


def _catalog(*indexes: Index, foreign_keys: tuple[ForeignKey, ...] = ()) -> Catalog:
    return Catalog(("s",), (), indexes, foreign_keys, frozenset(), frozenset(), 150000, {})


def _kinds(*indexes: Index, days: float = 30, replicas: int = 0, keys: tuple[ForeignKey, ...] = ()) -> list[str]:
    found = judge_indexes(_catalog(*indexes, foreign_keys=keys), days=days, replicas=replicas)
    return [item.kind for item in found]


def test_an_index_that_was_never_used_is_named_with_the_way_back() -> None:
    (found,) = judge_indexes(_catalog(UNUSED), days=30, replicas=0)
    assert (found.kind, found.sure) == ("unused", False)
    assert found.drop == 'DROP INDEX CONCURRENTLY "s"."i"'
    assert found.undo == "CREATE INDEX CONCURRENTLY i ON s.t USING btree (a)"


@pytest.mark.parametrize(
    "index",
    [
        replace(UNUSED, is_unique=True),
        replace(UNUSED, is_primary=True),
        replace(UNUSED, serves_constraint=True),
        replace(UNUSED, is_exclusion=True),
        replace(UNUSED, is_replica_identity=True),
        replace(UNUSED, is_clustered=True),
        replace(UNUSED, is_partition=True),
        replace(UNUSED, predicate="(a > 5)"),
        replace(UNUSED, columns=("(a + 1)",)),
        replace(UNUSED, scans=1),
        replace(UNUSED, bytes=1 << 20),
    ],
    ids=[
        "unique",
        "primary key",
        "of a constraint",
        "exclusion",
        "replica identity",
        "clustered by it",
        "part of another",
        "partial",
        "expression",
        "used once",
        "small",
    ],
)
def test_one_that_something_rests_on_is_not(index: Index) -> None:
    assert _kinds(index) == []


def test_nothing_is_called_unused_by_young_counters_or_beside_replicas() -> None:
    assert _kinds(UNUSED, days=WINDOW_DAYS - 1) == []
    assert _kinds(UNUSED, replicas=1) == []


def test_an_index_that_a_foreign_key_is_searched_by_is_kept() -> None:
    assert _kinds(UNUSED, keys=(ForeignKey(1, ("a",)),)) == []
    assert _kinds(UNUSED, keys=(ForeignKey(1, ("b",)),)) == ["unused"]


def test_an_invalid_index_is_named_unless_it_is_being_built() -> None:
    assert _kinds(INVALID) == ["invalid"]
    assert _kinds(replace(INVALID, is_in_work=True)) == []
    assert _kinds(replace(INVALID, is_partition=True)) == []
    assert _kinds(replace(INVALID, serves_constraint=True)) == []
