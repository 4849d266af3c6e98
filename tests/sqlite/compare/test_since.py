"""What changed between two sealed copies of one source."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.plans import column, make_source, plan, table
from support.sqlite_files import make

from pgraduate.compare.since import Changes, TableChange, compare_since
from pgraduate.compare.source_schema import ObjectChange
from pgraduate.errors import SourceUnusable
from pgraduate.model.plan import SchemaPlan

SCRIPT = """
CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, x TEXT, a);
CREATE TABLE k(x TEXT, a);
CREATE TABLE w(one TEXT, two INTEGER, x, PRIMARY KEY (one, two)) WITHOUT ROWID;
CREATE VIEW v AS SELECT x FROM t;
"""
ROWS: dict[str, Sequence[Sequence[object]]] = {
    "t": [(n, f"text {n}", n / 2) for n in range(1, 6)],
    "k": [("same", 1)] * 3,
    "w": [("a", 1, "x"), ("a", 2, "y")],
}
PLAN = plan(
    table(
        "t", [column("id", "integer"), column("x", "text"), column("a", "any_text")], key=["id"], rowid_alias="id"
    ),
    table("k", [column("x", "text"), column("a", "any_text")]),
    table(
        "w",
        [column("one", "text"), column("two", "integer"), column("x", "text")],
        key=["one", "two"],
        without_rowid=True,
    ),
)


def since(tmp_path: Path, *statements: str, show_values: bool = False) -> Changes:
    """Compare the sealed copy with what these statements make of it."""
    before = make_source(tmp_path / "before.db", SCRIPT, ROWS)
    after = tmp_path / "after.db"
    shutil.copy(before, after)
    make(after, *statements)
    return compare_since(before, after, PLAN, show_values=show_values)


def changed(changes: Changes) -> dict[str, tuple[int, int, int]]:
    return {item.table: (item.inserted, item.deleted, item.changed) for item in changes.tables if item.any}


def test_where_nothing_was_written_nothing_changed(tmp_path: Path) -> None:
    changes = since(tmp_path, "VACUUM")
    assert not changes.any
    assert [item.rows_after for item in changes.tables] == [5, 3, 2]


def test_rows_are_counted_by_what_became_of_them_and_named_by_key(tmp_path: Path) -> None:
    changes = since(
        tmp_path,
        "INSERT INTO t VALUES (9, 'new', NULL)",
        "DELETE FROM t WHERE id = 2",
        "UPDATE t SET x = 'other' WHERE id = 4",
    )
    (found,) = [item for item in changes.tables if item.any]
    assert (found.rows_before, found.rows_after, found.inserted, found.deleted, found.changed) == (5, 5, 1, 1, 1)
    assert [(item.key, item.kind) for item in found.differences] == [
        ("id=2", "deleted"),
        ("id=4", "changed"),
        ("id=9", "inserted"),
    ]
    assert changes.objects == (ObjectChange("sequence", "t", "changed"),)


def test_values_are_given_only_where_they_were_asked_for(tmp_path: Path) -> None:
    hidden = since(tmp_path, "UPDATE t SET x = 'secret' WHERE id = 1")
    (item,) = hidden.tables[0].differences
    assert (item.columns, item.before, item.after) == (("x",), (), ())
    (tmp_path / "before.db").unlink()
    (item,) = since(tmp_path, "UPDATE t SET x = 'secret' WHERE id = 1", show_values=True).tables[0].differences
    assert (item.before, item.after) == (("'text 1'",), ("'secret'",))


def test_a_storage_class_alone_is_a_change(tmp_path: Path) -> None:
    assert changed(since(tmp_path, "UPDATE t SET a = '1' WHERE id = 2")) == {"t": (0, 0, 1)}


def test_a_table_without_a_key_is_a_multiset(tmp_path: Path) -> None:
    assert changed(since(tmp_path, "DELETE FROM k WHERE rowid = 1")) == {"k": (0, 1, 0)}
    (tmp_path / "before.db").unlink()
    moved = "UPDATE k SET rowid = rowid + 100"
    assert changed(since(tmp_path, moved, "UPDATE k SET a = 2 WHERE rowid = 101")) == {"k": (1, 1, 0)}


def test_a_key_of_two_columns_matches_rows(tmp_path: Path) -> None:
    changes = since(tmp_path, "UPDATE w SET x = 'z' WHERE two = 2")
    assert changed(changes) == {"w": (0, 0, 1)}
    assert changes.tables[2].differences[0].key == "one='a', two=2"


def test_a_text_that_became_invalid_is_a_change_and_no_error(tmp_path: Path) -> None:
    assert changed(since(tmp_path, "UPDATE t SET x = CAST(x'ff' AS TEXT) WHERE id = 1")) == {"t": (0, 0, 1)}


def test_objects_added_dropped_and_changed_are_named(tmp_path: Path) -> None:
    changes = since(
        tmp_path,
        "DROP VIEW v",
        "CREATE VIEW V2 AS SELECT 1",
        "ALTER TABLE t ADD COLUMN more",
        "CREATE INDEX i ON t (x)",
        "PRAGMA user_version = 7",
    )
    assert set(changes.objects) == {
        ObjectChange("view", "v", "dropped"),
        ObjectChange("view", "V2", "added"),
        ObjectChange("table", "t", "changed"),
        ObjectChange("index", "i", "added"),
        ObjectChange("pragma", "user_version", "changed"),
    }
    assert changed(changes) == {}


def test_the_rows_of_an_added_and_of_a_dropped_table_are_counted(tmp_path: Path) -> None:
    changes = since(tmp_path, "DROP TABLE k", "CREATE TABLE fresh AS SELECT * FROM t")
    assert changed(changes) == {"k": (0, 3, 0), "fresh": (5, 0, 0)}
    assert set(changes.objects) == {ObjectChange("table", "k", "dropped"), ObjectChange("table", "fresh", "added")}


def test_a_hundred_rows_are_named_and_all_are_counted(tmp_path: Path) -> None:
    numbers = "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 259)"
    found = since(tmp_path, f"INSERT INTO t {numbers} SELECT i, 'x', 1 FROM n").tables[0]
    assert (found.inserted, len(found.differences)) == (250, 100)
    assert found.differences[0].key == "id=10"


def test_a_copy_that_is_not_a_database_is_unusable(tmp_path: Path) -> None:
    before = make_source(tmp_path / "before.db", SCRIPT, ROWS)
    (tmp_path / "after.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(SourceUnusable):
        compare_since(before, tmp_path / "after.db", PLAN)


VALUES = st.one_of(st.none(), st.integers(0, 2), st.sampled_from([1.0, "1", "a", b"1"]))
TABLES = st.dictionaries(st.integers(-2, 5), VALUES, max_size=6)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(old=TABLES, new=TABLES)
def test_counts_are_those_of_a_comparison_in_memory(
    tmp_path_factory: pytest.TempPathFactory, old: dict[int, object], new: dict[int, object]
) -> None:
    folder = tmp_path_factory.mktemp("since")
    script = "CREATE TABLE t(id INTEGER PRIMARY KEY, a); CREATE TABLE k(a)"
    planned: SchemaPlan = plan(
        table("t", [column("id", "integer"), column("a", "any_text")], key=["id"], rowid_alias="id"),
        table("k", [column("a", "any_text")]),
    )
    sides = []
    for name, rows in (("old", old), ("new", new)):
        content: dict[str, Sequence[Sequence[object]]] = {
            "t": list(rows.items()),
            "k": [(v,) for v in rows.values()],
        }
        sides.append(make_source(folder / f"{name}.db", script, content))
    keyed, keyless = compare_since(sides[0], sides[1], planned).tables
    both = old.keys() & new.keys()
    differing = sum((type(old[key]), old[key]) != (type(new[key]), new[key]) for key in both)
    assert (keyed.inserted, keyed.deleted, keyed.changed) == (
        len(new.keys() - both),
        len(old.keys() - both),
        differing,
    )
    before, after = (Counter((type(v), v) for v in rows.values()) for rows in (old, new))
    assert (keyless.inserted, keyless.deleted) == ((after - before).total(), (before - after).total())
    assert isinstance(keyed, TableChange)
