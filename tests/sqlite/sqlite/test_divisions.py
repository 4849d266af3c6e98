"""A table's b-tree says where its rows divide, however its rowids lie."""

from __future__ import annotations

import random
from bisect import bisect_left
from collections.abc import Callable
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import apsw
import pytest

from pgraduate.sqlite import divisions, open_sealed

LEAST, GREATEST = -(2**63), 2**63 - 1


def clustered(count: int) -> list[int]:
    """Rowids at two far ends, around zero and at the limits."""
    third = count // 3
    near, far, low = range(-third // 2, third // 2), range(10**15, 10**15 + third), range(-(10**18), third - 10**18)
    return sorted({LEAST, GREATEST, *near, *far, *low})


def scattered(count: int) -> list[int]:
    chance = random.Random(7)
    return sorted({chance.randint(LEAST, GREATEST) for _ in range(count)})


def made(path: Path, rowids: list[int], page_size: int = 512) -> Path:
    with closing(apsw.Connection(str(path))) as connection:
        connection.pragma("page_size", page_size)
        connection.execute("CREATE TABLE other(x); CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT)")
        shuffled = random.Random(3).sample(rowids, len(rowids))
        with connection:
            connection.executemany("INSERT INTO t VALUES (?, ?)", ((rowid, "x" * 40) for rowid in shuffled))
    return path


def found(path: Path, wanted: int, table: str = "t") -> list[int]:
    with closing(open_sealed(path)) as sealed:
        return divisions(sealed, path, table, wanted)


@pytest.mark.parametrize("page_size", [512, 4096, 65536])
@pytest.mark.parametrize("rowids", [clustered, scattered, lambda count: list(range(1, count + 1))])
def test_parts_hold_about_as_many_rows_whatever_the_gaps(
    tmp_path: Path, rowids: Callable[[int], list[int]], page_size: int
) -> None:
    made_of = rowids(30_000)
    keys = found(made(tmp_path / "a.db", made_of, page_size), 8 if page_size == 65536 else 32)
    assert keys == sorted(set(keys))
    assert len(keys) >= (8 if page_size == 65536 else 32)
    eight = [keys[len(keys) * number // 8] for number in range(1, 8)]
    places = [0, *(bisect_left(made_of, key) for key in eight), len(made_of)]
    shares = [(after - before) / len(made_of) for before, after in pairwise(places)]
    assert max(shares) < 0.3, shares


def test_every_leaf_is_parted_where_so_many_are_wanted(tmp_path: Path) -> None:
    path = made(tmp_path / "a.db", clustered(3000))
    with closing(apsw.Connection(str(path))) as connection:
        leaves = connection.execute("SELECT count(*) FROM dbstat WHERE name = 't' AND pagetype = 'leaf'").get
    assert len(found(path, 10**6)) == leaves - 1


@pytest.mark.parametrize("rowids", [[], [5]])
def test_a_table_of_one_page_has_no_divisions(tmp_path: Path, rowids: list[int]) -> None:
    assert found(made(tmp_path / "a.db", rowids), 8) == []


def test_tables_without_rowid_views_and_virtual_tables_have_none(tmp_path: Path) -> None:
    with closing(apsw.Connection(str(tmp_path / "a.db"))) as connection:
        connection.execute(
            "CREATE TABLE w(k TEXT PRIMARY KEY) WITHOUT ROWID; CREATE VIRTUAL TABLE f USING fts5(x);"
            "CREATE VIEW v AS SELECT * FROM w; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000)"
            " INSERT INTO w SELECT printf('%080d', i) FROM n"
        )
    assert [found(tmp_path / "a.db", 8, name) for name in ("w", "f", "v", "absent")] == [[]] * 4
