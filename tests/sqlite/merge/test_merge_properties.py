"""Whatever two or three files hold: after the merge every reference leads to the row that it led to."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgraduate.errors import Refused
from pgraduate.merge import Result, merge
from pgraduate.model.merge import MergePart

EXAMPLES = 2_000 if os.environ.get("PGRADUATE_SOAK") else 25
SCHEMA = """
CREATE TABLE thing (id INTEGER PRIMARY KEY, code TEXT UNIQUE, parent INTEGER REFERENCES thing (id));
CREATE TABLE part (thing INTEGER REFERENCES thing (id), place INTEGER, PRIMARY KEY (thing, place));
CREATE TABLE note (id INTEGER PRIMARY KEY AUTOINCREMENT, thing INTEGER, place INTEGER, text TEXT,
    FOREIGN KEY (thing, place) REFERENCES part (thing, place));
"""
JOINS = (
    "SELECT t.code, p.code FROM thing t JOIN thing p ON p.id = t.parent",
    "SELECT t.code, p.place FROM part p JOIN thing t ON t.id = p.thing",
    "SELECT n.text, t.code FROM note n JOIN part p ON (p.thing, p.place) = (n.thing, n.place)"
    " JOIN thing t ON t.id = p.thing",
)

ids = st.integers(min_value=-3, max_value=12) | st.just(2**40)
things = st.dictionaries(ids, st.tuples(st.text("abc\0é'", max_size=2) | st.none(), ids | st.none()))
files = st.lists(st.tuples(things, st.integers(0, 2)), min_size=2, max_size=3)


def _make(path: Path, number: int, things: dict[int, tuple[str | None, int | None]], notes: int) -> Path:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(SCHEMA)
        seen: set[str] = set()
        for id, (code, parent) in things.items():
            unique = code if code not in seen else None
            seen |= {unique} if unique is not None else set()
            connection.execute("INSERT INTO thing VALUES (?, ?, ?)", (id, unique, parent))
            for place in range(notes):
                connection.execute("INSERT INTO part VALUES (?, ?)", (id, place))
                text = f"{number} {id} {place}"
                connection.execute("INSERT INTO note (thing, place, text) VALUES (?, ?, ?)", (id, place, text))
    return path


def _merged(directory: Path, paths: list[Path], unique: str) -> Result:
    parts = [MergePart(path.stem, str(path), "", 0, str(path)) for path in paths]
    answers = {
        "merge_key:all.thing(id)": "rekey",
        "merge_key:all.note(id)": "rekey",
        "merge_key:all.part(thing,place)": unique,
        "merge_unique:all.thing(code)": unique,
    }
    return merge(parts, directory / "merged", "all", answers=answers, references={})


def _rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


@settings(max_examples=EXAMPLES, deadline=None)
@given(made=files, unique=st.sampled_from(["first", "last"]))
def test_every_reference_leads_to_the_row_that_it_led_to(
    made: list[tuple[dict[int, tuple[str | None, int | None]], int]], unique: str
) -> None:
    with tempfile.TemporaryDirectory() as place:
        directory = Path(place)
        paths = [_make(directory / f"f{number}.db", number, *one) for number, one in enumerate(made)]
        result = _merged(directory, paths, unique)
        asked = {decision.id: decision.answer for decision in result.decisions}
        assert None not in asked.values()
        # References between notes, parts and things never name a row of another file, so no pair is new.
        notes = [pair for path in paths for pair in _rows(path, JOINS[2])]
        assert sorted(map(repr, _rows(result.path, JOINS[2]))) == sorted(map(repr, notes))
        for query in JOINS[:2]:
            expected = {repr(pair) for path in paths for pair in _rows(path, query)}
            found = {repr(pair) for pair in _rows(result.path, query)}
            gone = any(row.fate == "left_behind" for row in result.rows)
            assert found == expected or (gone and found <= expected)


@settings(max_examples=EXAMPLES // 3, deadline=None)
@given(made=files)
def test_the_same_files_give_the_same_merge(
    made: list[tuple[dict[int, tuple[str | None, int | None]], int]],
) -> None:
    with tempfile.TemporaryDirectory() as place:
        directory = Path(place)
        paths = [_make(directory / f"f{number}.db", number, *one) for number, one in enumerate(made)]
        one = _merged(directory, paths, "first")
        other = _merged(directory, paths, "first")
    assert (one.digest, one.rows, one.merge) == (other.digest, other.rows, other.merge)


def _file(path: Path, *statements: str) -> MergePart:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
    return MergePart(path.stem, str(path), "", 0, str(path))


def _of(tmp_path: Path, one: list[str], other: list[str], answers: dict[str, str] | None = None) -> Result:
    parts = [_file(tmp_path / "a.db", *one), _file(tmp_path / "b.db", *other)]
    return merge(parts, tmp_path / "merged", "s", answers=answers or {}, references={})


def test_columns_of_both_files_stand_and_the_lacking_ones_get_their_constant_default(tmp_path: Path) -> None:
    result = _of(
        tmp_path,
        ["CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT 'x')", "INSERT INTO t VALUES (1, 'one')"],
        [
            "CREATE TABLE t (id INTEGER PRIMARY KEY, b INTEGER NOT NULL DEFAULT '7', c TEXT DEFAULT (datetime('now')))",
            "INSERT INTO t VALUES (2, 8, 'then')",
        ],
    )
    assert _rows(result.path, "SELECT id, a, b, c FROM t ORDER BY id") == [(1, "one", 7, None), (2, "x", 8, "then")]


def test_a_declared_type_never_changes_a_files_values(tmp_path: Path) -> None:
    result = _of(
        tmp_path,
        ["CREATE TABLE t (v INTEGER)", "INSERT INTO t VALUES (1)"],
        ["CREATE TABLE t (v TEXT)", "INSERT INTO t VALUES ('007')"],
    )
    assert _rows(result.path, "SELECT v, typeof(v) FROM t") == [(1, "integer"), ("007", "text")]


def test_a_column_that_looks_like_a_reference_is_asked_about(tmp_path: Path) -> None:
    statements = [
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)",
        "CREATE TABLE posts (text TEXT, user_id INTEGER)",
    ]
    one = [*statements, "INSERT INTO users VALUES (1, 'a')", "INSERT INTO posts VALUES ('of a', 1)"]
    other = [*statements, "INSERT INTO users VALUES (1, 'b')", "INSERT INTO posts VALUES ('of b', 1)"]
    answers = {"merge_key:s.users(id)": "rekey", "merge_reference:s.posts(user_id)": "follow"}
    assert "merge_reference:s.posts(user_id)" in {item.id for item in _of(tmp_path, one, other).decisions}
    for path in tmp_path.glob("*.db"):
        path.unlink()
    result = _of(tmp_path, one, other, answers)
    pairs = _rows(result.path, "SELECT p.text, u.name FROM posts p JOIN users u ON u.id = p.user_id ORDER BY 1")
    assert pairs == [("of a", "a"), ("of b", "b")]


def test_names_that_differ_in_meaning_are_kept_apart_and_the_same_ones_stand_once(tmp_path: Path) -> None:
    table = "CREATE TABLE t (a TEXT, b TEXT)"
    result = _of(
        tmp_path,
        [table, "CREATE INDEX i ON t (a)", "CREATE VIEW v AS SELECT a FROM t"],
        [table, "CREATE INDEX i ON t (b)", "CREATE INDEX j ON t (a)", "CREATE VIEW v AS SELECT a FROM t"],
    )
    names = _rows(result.path, "SELECT name FROM sqlite_schema WHERE type <> 'table' ORDER BY name")
    assert names == [("i",), ("i_b",), ("v",)]


def test_triggers_do_not_fire_for_rows_that_arrive(tmp_path: Path) -> None:
    table = "CREATE TABLE t (a TEXT)"
    trigger = "CREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO t VALUES ('more'); END"
    result = _of(tmp_path, [table, trigger], [table, "INSERT INTO t VALUES ('x')"])
    assert _rows(result.path, "SELECT a FROM t") == [("x",)]


def test_a_search_index_is_built_again(tmp_path: Path) -> None:
    result = _of(
        tmp_path,
        ["CREATE VIRTUAL TABLE s USING fts5 (body)", "INSERT INTO s (rowid, body) VALUES (5, 'red fox')"],
        ["CREATE TABLE t (a TEXT)"],
    )
    assert _rows(result.path, "SELECT rowid FROM s WHERE s MATCH 'fox'") == [(5,)]


def test_different_primary_keys_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="different primary keys"):
        _of(tmp_path, ["CREATE TABLE t (a PRIMARY KEY, b)"], ["CREATE TABLE t (a, b PRIMARY KEY)"])


def test_alike_rows_stand_once_and_a_safe_option_says_so(tmp_path: Path) -> None:
    statements = ["CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)", "INSERT INTO t VALUES (1, 'open')"]
    result = _of(tmp_path, statements, statements)
    (decision,) = result.decisions
    assert (decision.answer, decision.answered_by) == ("first", "safe option")
    assert [row.fate for row in result.rows] == ["same"]
    assert _rows(result.path, "SELECT id, a FROM t") == [(1, "open")]


def test_a_reference_without_a_row_does_not_find_one_in_another_file_unasked(tmp_path: Path) -> None:
    table = "CREATE TABLE t (id INTEGER PRIMARY KEY, up INTEGER REFERENCES t (id))"
    result = _of(tmp_path, [table, "INSERT INTO t VALUES (1, 2)"], [table, "INSERT INTO t VALUES (2, NULL)"])
    (decision,) = result.decisions
    assert (decision.id, decision.answer) == ("merge_key:s.t(id)", None)
    assert "1 references that lead nowhere" in decision.evidence


def test_more_files_than_ten_merge_and_every_reference_follows(tmp_path: Path) -> None:
    paths = [
        _make(tmp_path / f"f{number:02}.db", number, {1: (f"{number}", 2), 2: (f"{number} parent", None)}, 1)
        for number in range(12)
    ]
    result = _merged(tmp_path, paths, "first")
    pairs = sorted(_rows(result.path, JOINS[0]))
    assert pairs == sorted((f"{number}", f"{number} parent") for number in range(12))
    assert _rows(result.path, "SELECT count(*), count(DISTINCT id) FROM note") == [(24, 24)]
