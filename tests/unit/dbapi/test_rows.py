"""Rows from PostgreSQL are the standard module's own rows."""

from __future__ import annotations

import sqlite3
import threading

from pgraduate.dbapi.rows import row_maker


def test_a_row_is_a_genuine_row() -> None:
    row = row_maker(["Id", "count(*)", 'na"me'])((1, 2, "x"))
    assert isinstance(row, sqlite3.Row)
    assert row.keys() == ["Id", "count(*)", 'na"me']
    assert (row["id"], row["COUNT(*)"], row[2], row['na"me'], len(row)) == (1, 2, "x", "x", 3)
    assert dict(row) == {"Id": 1, "count(*)": 2, 'na"me': "x"}
    assert tuple(row) == (1, 2, "x")


def test_two_columns_of_one_name_both_stand_there() -> None:
    row = row_maker(["id", "id"])((1, 2))
    assert (tuple(row), row["id"]) == ((1, 2), 1)


def test_rows_can_be_made_in_any_thread() -> None:
    made: list[sqlite3.Row] = []
    threads = [threading.Thread(target=lambda: made.append(row_maker(["a"])((5,)))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row["a"] for row in made] == [5] * 8


def test_equal_rows_are_equal_and_have_one_hash() -> None:
    make = row_maker(["a", "b"])
    assert make((1, "x")) == make((1, "x"))
    assert hash(make((1, "x"))) == hash(make((1, "x")))
