from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pgraduate.dialect import trigger_names


def statement(name: str, event: str = "AFTER INSERT") -> str:
    return f"CREATE TRIGGER \"{name}\" {event} ON t BEGIN INSERT INTO log VALUES ('{name}'); END"


@given(st.lists(st.text("abxyz_", min_size=1, max_size=4), unique=True, max_size=6))
@settings(derandomize=True, max_examples=60)
def test_names_sort_in_the_order_in_which_sqlite_fires(names: list[str]) -> None:
    with closing(sqlite3.connect(":memory:")) as lite:
        lite.execute("CREATE TABLE t(a)")
        lite.execute("CREATE TABLE log(name)")
        for name in names:
            lite.execute(statement(name))
        lite.execute("INSERT INTO t VALUES (1)")
        fired = [name for (name,) in lite.execute("SELECT name FROM log ORDER BY rowid")]
    targets = trigger_names([statement(name) for name in names])
    assert sorted(targets, key=lambda name: targets[name].encode()) == fired


def test_sqlite_fires_in_the_same_order_when_the_file_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as lite:
        lite.executescript("CREATE TABLE t(a); CREATE TABLE log(name);")
        for name in "bac":
            lite.execute(statement(name))
    with closing(sqlite3.connect(path)) as again:
        again.execute("INSERT INTO t VALUES (1)")
        assert [name for (name,) in again.execute("SELECT name FROM log ORDER BY rowid")] == ["c", "a", "b"]


def test_names_stay_where_the_order_is_the_same_or_does_not_matter() -> None:
    texts = [
        statement("Zebra"),
        statement("apple", "AFTER UPDATE OF a"),
        statement("pear", "BEFORE INSERT"),
        statement("kiwi"),
        "CREATE TEMP TRIGGER temporary DELETE ON t BEGIN DELETE FROM t; END",
    ]
    assert trigger_names(texts) == {
        "Zebra": "zebra",
        "apple": "apple",
        "pear": "pear",
        "kiwi": "kiwi",
    }
