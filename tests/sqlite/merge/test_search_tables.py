"""Full-text tables and R-Trees of several files: their rows stand once, under the numbers of what they index."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.merging import merge_files, rows

from pgraduate.errors import Refused

_MAIL = "CREATE TABLE mail (id INTEGER PRIMARY KEY, body TEXT)"
_KEY = {"merge_key:s.mail(id)": "rekey"}


def _found(number: str, module: str) -> list[str]:
    return [
        _MAIL,
        f"CREATE VIRTUAL TABLE found USING {module}(body)",
        f"INSERT INTO mail VALUES (1, 'red {number}'), (2, 'blue {number}')",
        f"INSERT INTO found (rowid, body) VALUES (1, 'red {number}'), (2, 'blue {number}')",
    ]


@pytest.mark.parametrize(("module", "number"), [("fts3", "docid"), ("fts4", "docid"), ("fts5", "rowid")])
def test_the_rows_of_a_search_follow_the_keys_that_they_index(tmp_path: Path, module: str, number: str) -> None:
    answers = _KEY | {f"merge_search:s.found({number})": "follow:mail"}
    result = merge_files(tmp_path, _found("fox", module), _found("hen", module), answers)
    query = (
        "SELECT m.id, m.body, f.body FROM found f JOIN mail m ON m.id = f.rowid WHERE found MATCH 'red' ORDER BY 1"
    )
    assert rows(result.path, query) == [(1, "red fox", "red fox"), (3, "red hen", "red hen")]
    assert {decision.id for decision in result.decisions} == set(answers)


def test_a_tree_follows_and_one_file_alone_may_have_it(tmp_path: Path) -> None:
    place = "CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT)"
    one = [place, "INSERT INTO place VALUES (1, 'a')"]
    other = [
        place,
        "CREATE VIRTUAL TABLE box USING rtree(id, x0, x1)",
        "INSERT INTO place VALUES (1, 'b')",
        "INSERT INTO box VALUES (1, 0.5, 2)",
    ]
    answers = {"merge_key:s.place(id)": "rekey", "merge_search:s.box(id)": "follow:place"}
    result = merge_files(tmp_path, one, other, answers)
    found = rows(result.path, "SELECT p.name, b.x0, b.x1 FROM box b JOIN place p ON p.id = b.id")
    assert found == [("b", 0.5, 2.0)]


def test_a_search_of_its_own_numbers_is_rekeyed_as_any_table(tmp_path: Path) -> None:
    table = "CREATE VIRTUAL TABLE notes USING fts5(body)"
    one, other = [table, "INSERT INTO notes VALUES ('red fox')"], [table, "INSERT INTO notes VALUES ('red hen')"]
    result = merge_files(tmp_path, one, other, {"merge_key:s.notes(rowid)": "rekey"})
    found = rows(result.path, "SELECT rowid, body FROM notes WHERE notes MATCH 'red' ORDER BY rowid")
    assert found == [(1, "red fox"), (2, "red hen")]


def test_rows_whose_place_another_has_bring_no_second_entry(tmp_path: Path) -> None:
    answers = {
        "merge_key:s.mail(id)": "first",
        "merge_search:s.found(rowid)": "follow:mail",
        "merge_key:s.found(rowid)": "first",
    }
    result = merge_files(tmp_path, _found("fox", "fts5"), _found("hen", "fts5"), answers)
    assert rows(result.path, "SELECT rowid, body FROM found") == [(1, "red fox"), (2, "blue fox")]
    assert rows(result.path, "SELECT rowid FROM found WHERE found MATCH 'hen'") == []


def test_an_index_over_another_tables_text_is_built_again(tmp_path: Path) -> None:
    search = "CREATE VIRTUAL TABLE found USING fts5(body, content='mail', content_rowid='id')"
    one = [_MAIL, search, "INSERT INTO mail VALUES (1, 'red fox')"]
    other = [_MAIL, search, "INSERT INTO mail VALUES (1, 'red hen')"]
    result = merge_files(tmp_path, one, other, _KEY)
    assert rows(result.path, "SELECT rowid, body FROM found('red') ORDER BY rowid") == [
        (1, "red fox"),
        (2, "red hen"),
    ]


def test_searches_declared_otherwise_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="declared otherwise"):
        merge_files(
            tmp_path,
            ["CREATE VIRTUAL TABLE found USING fts5(body)"],
            ["CREATE VIRTUAL TABLE found USING fts5(body, title)"],
            {},
        )


def test_a_table_of_the_applications_own_module_is_left_out_by_decision(tmp_path: Path) -> None:
    unknown = (
        "PRAGMA writable_schema = on",
        "INSERT INTO sqlite_schema VALUES ('table', 'words', 'words', 0, 'CREATE VIRTUAL TABLE words USING own(a)')",
    )
    result = merge_files(tmp_path, [_MAIL, *unknown], [_MAIL, "INSERT INTO mail VALUES (1, 'x')"], {})
    assert [(item.id, item.answer) for item in result.decisions] == [("merge_module:s.words", "leave_out")]
    assert rows(result.path, "SELECT body FROM mail") == [("x",)]
