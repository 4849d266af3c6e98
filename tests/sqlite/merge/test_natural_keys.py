"""Rows that one thing's natural key names in several files become one row, and references lead to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.merging import merge_files, rows

_TABLES = (
    "CREATE TABLE person (id INTEGER PRIMARY KEY, email TEXT, name TEXT)",
    "CREATE TABLE visit (id INTEGER PRIMARY KEY, person INTEGER REFERENCES person (id), day TEXT)",
)
_UNIQUE = "CREATE UNIQUE INDEX by_email ON person (email)"
_ONE = ["INSERT INTO person VALUES (1, 'a@x', 'Ann'), (2, 'b@x', 'Bob')", "INSERT INTO visit VALUES (1, 1, 'mon')"]
_OTHER = ["INSERT INTO person VALUES (1, 'b@x', 'Rob'), (2, 'c@x', 'Cy')", "INSERT INTO visit VALUES (1, 1, 'tue')"]
_KEYS = {"merge_key:s.person(id)": "rekey", "merge_key:s.visit(id)": "rekey"}
_VISITS = "SELECT v.day, p.email, p.name FROM visit v JOIN person p ON p.id = v.person ORDER BY v.day"


@pytest.mark.parametrize(
    ("answer", "name"), [("first", "Bob"), ("last", "Rob")], ids=["the first file wins", "the last file wins"]
)
def test_a_unique_index_is_a_natural_key(tmp_path: Path, answer: str, name: str) -> None:
    answers = _KEYS | {"merge_unique:s.person(email)": answer}
    result = merge_files(tmp_path, [*_TABLES, _UNIQUE, *_ONE], [*_TABLES, _UNIQUE, *_OTHER], answers)
    assert rows(result.path, "SELECT email FROM person ORDER BY email") == [("a@x",), ("b@x",), ("c@x",)]
    assert rows(result.path, _VISITS) == [("mon", "a@x", "Ann"), ("tue", "b@x", name)]
    assert [(row.table, row.fate) for row in result.rows] == [("person", "left_behind")]


def test_the_unique_index_of_rows_that_stay_apart_is_left_out_by_one_question(tmp_path: Path) -> None:
    answers = _KEYS | {"merge_unique:s.person(email)": "drop"}
    result = merge_files(tmp_path, [*_TABLES, _UNIQUE, *_ONE], [*_TABLES, _UNIQUE, *_OTHER], answers)
    assert rows(result.path, "SELECT count(*) FROM person") == [(4,)]
    assert rows(result.path, "SELECT name FROM sqlite_schema WHERE type = 'index'") == []
    assert {decision.id for decision in result.decisions} == set(answers)


def test_a_constraint_in_one_file_and_an_index_in_the_other_are_one_natural_key(tmp_path: Path) -> None:
    constrained = _TABLES[0].replace("email TEXT", "email TEXT UNIQUE")
    answers = _KEYS | {"merge_unique:s.person(email)": "first"}
    result = merge_files(tmp_path, [constrained, _TABLES[1], *_ONE], [*_TABLES, _UNIQUE, *_OTHER], answers)
    assert rows(result.path, _VISITS) == [("mon", "a@x", "Ann"), ("tue", "b@x", "Bob")]


def test_an_index_that_ignores_case_names_one_thing_in_both_spellings(tmp_path: Path) -> None:
    table = _TABLES[0].replace("email TEXT", "email TEXT UNIQUE")
    index = "CREATE UNIQUE INDEX caseless ON person (email COLLATE NOCASE)"
    other = [statement.replace("b@x", "B@X") for statement in _OTHER]
    answers = _KEYS | {"merge_unique:s.person(email COLLATE NOCASE)": "first"}
    one, two = [table, _TABLES[1], index, *_ONE], [table, _TABLES[1], index, *other]
    result = merge_files(tmp_path, one, two, answers)
    assert rows(result.path, _VISITS) == [("mon", "a@x", "Ann"), ("tue", "b@x", "Bob")]


def test_what_joins_two_things_is_one_where_both_ends_are(tmp_path: Path) -> None:
    tables = [
        "CREATE TABLE tag (id INTEGER PRIMARY KEY, name TEXT)",
        "CREATE UNIQUE INDEX tags ON tag (name)",
        "CREATE TABLE page (id INTEGER PRIMARY KEY, slug TEXT UNIQUE)",
        "CREATE TABLE tagged (id INTEGER PRIMARY KEY, tag INTEGER REFERENCES tag, page INTEGER REFERENCES page)",
        "CREATE UNIQUE INDEX once ON tagged (tag, page)",
    ]
    one = [
        "INSERT INTO tag VALUES (1, 'red')",
        "INSERT INTO page VALUES (1, 'home')",
        "INSERT INTO tagged VALUES (1, 1, 1)",
    ]
    other = [
        "INSERT INTO tag VALUES (7, 'red')",
        "INSERT INTO page VALUES (1, 'home')",
        "INSERT INTO tagged VALUES (1, 7, 1)",
    ]
    answers = {
        "merge_key:s.page(id)": "first",
        "merge_unique:s.tag(name)": "first",
        "merge_key:s.tagged(id)": "rekey",
        "merge_unique:s.tagged(tag,page)": "first",
    }
    result = merge_files(tmp_path, [*tables, *one], [*tables, *other], answers)
    assert rows(result.path, "SELECT id, tag, page FROM tagged") == [(1, 1, 1)]
    assert {row.fate for row in result.rows} == {"same"}
