"""Bytes that PostgreSQL's text cannot hold: listed, given back, compared where they are then, and taken back."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from support.cli import Result, pgraduate
from support.pgcatalog import snapshot
from support.sqlite_files import make

MOVE = "note.body=body_bytes"
ADD = 'ALTER TABLE "notes"."note" ADD COLUMN "body_bytes" bytea'


@pytest.fixture
def notes(target: str, tmp_path: Path) -> str:
    """A run whose notes hold two texts that are not valid and one with a NUL."""
    path = make(
        tmp_path / "notes.db",
        "CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT, written TEXT)",
        "INSERT INTO note (id, body) VALUES (1, 'plain'), (2, CAST(x'43616665e9' AS TEXT)), (3, 'a' || char(0) || 'b')",
        "INSERT INTO note (id, body) VALUES (4, CAST(x'5c07ff' AS TEXT))",
        "CREATE TRIGGER touched AFTER UPDATE ON note BEGIN UPDATE note SET written = 'later' WHERE id = new.id; END",
    )
    assert pgraduate("run", path, "--to", target, cwd=tmp_path).code == 3
    return target


def ask(target: str, tmp_path: Path, *more: str) -> Result:
    return pgraduate("verify", "--quarantine", "--to", target, *more, cwd=tmp_path)


def test_cells_are_listed_by_key(notes: str, tmp_path: Path) -> None:
    result = ask(notes, tmp_path, "--json")
    assert result.code == 0, result.err
    document = result.document
    cells = [
        (cell["column"], cell["key"], cell["class"], cell["bytes"], cell["copies"]) for cell in document["cells"]
    ]
    assert cells == [
        ("body", {"id": "2"}, "text", 5, 1),
        ("body", {"id": "3"}, "text", 3, 1),
        ("body", {"id": "4"}, "text", 3, 1),
    ]
    assert {cell["hex"] for cell in document["cells"]} == {None}
    (column,) = document["columns"]
    assert (column["schema"], column["table"], column["cells"], column["bytes"]) == ("notes", "note", 3, 11)


def test_bytes_are_shown_on_request_and_never_raw(notes: str, tmp_path: Path) -> None:
    document = ask(notes, tmp_path, "--json", "--show-values").document
    shown = {cell["hex"]: cell["escaped"] for cell in document["cells"]}
    assert shown == {"43616665e9": "Cafe\\351", "610062": "a\\000b", "5c07ff": "\\\\\\007\\377"}
    text = ask(notes, tmp_path, "--show-values").out
    assert "notes.note.body id=2: text of 5 B" in text
    assert "Cafe\\351" in text
    assert "\x07" not in text


def test_without_a_column_for_them_it_is_refused_with_the_statement(notes: str, tmp_path: Path) -> None:
    before = snapshot(notes)
    result = ask(notes, tmp_path, "--restore", MOVE, "--json")
    assert (result.code, result.document["error"]["hint"]) == (5, ADD)
    assert snapshot(notes) == before


def test_given_back_the_run_is_equal_and_nothing_else_has_changed(notes: str, tmp_path: Path) -> None:
    with psycopg.connect(notes) as connection:
        connection.execute(ADD.encode())
    result = ask(notes, tmp_path, "--restore", MOVE, "--json")
    assert result.code == 0, result.err
    (moved,) = result.document["moved"]
    assert (moved["cells"], moved["into"], moved["left"]) == (3, "body_bytes", [])
    with psycopg.connect(notes) as connection:
        rows = connection.execute("SELECT id, body_bytes, written FROM note ORDER BY id").fetchall()
    assert rows == [(1, None, None), (2, b"Cafe\xe9", None), (3, b"a\0b", None), (4, b"\\\x07\xff", None)]
    verified = pgraduate("verify", "--to", notes, "--json", cwd=tmp_path).document
    assert verified["verdict"] == "equal"
    assert [table["quarantined"] for table in verified["tables"]] == [0]
    # The column that a person made for the cells is no reason to call the table something else than planned.
    assert [item["name"] for item in verified["objects"] if item["outcome"] == "not_carried"] == []
    (column,) = ask(notes, tmp_path, "--json").document["columns"]
    assert (column["cells"], column["restored"], column["into"]) == (0, 3, ["body_bytes"])


def test_taken_back_the_cells_are_in_quarantine_again(notes: str, tmp_path: Path) -> None:
    with psycopg.connect(notes) as connection:
        connection.execute(ADD.encode())
    before = ask(notes, tmp_path, "--json", "--show-values").document
    assert ask(notes, tmp_path, "--restore", MOVE).code == 0
    result = ask(notes, tmp_path, "--take-back", MOVE, "--json")
    assert result.code == 0, result.err
    assert result.document["moved"][0]["cells"] == 3
    assert ask(notes, tmp_path, "--json", "--show-values").document == before
    with psycopg.connect(notes) as connection:
        assert connection.execute("SELECT count(body_bytes) FROM note").fetchone() == (0,)


def test_a_cell_without_its_row_stays_and_ends_in_3(notes: str, tmp_path: Path) -> None:
    with psycopg.connect(notes) as connection:
        connection.execute(ADD.encode())
        connection.execute("DELETE FROM note WHERE id = 3")
    result = ask(notes, tmp_path, "--restore", MOVE, "--json")
    assert result.code == 3
    (moved,) = result.document["moved"]
    assert (moved["cells"], [left["key"] for left in moved["left"]]) == (2, [{"id": "3"}])
    assert [cell["key"] for cell in ask(notes, tmp_path, "--json").document["cells"]] == [{"id": "3"}]


def test_the_same_command_again_changes_nothing(notes: str, tmp_path: Path) -> None:
    with psycopg.connect(notes) as connection:
        connection.execute(ADD.encode())
    ask(notes, tmp_path, "--restore", MOVE)
    again = ask(notes, tmp_path, "--restore", MOVE, "--json")
    assert (again.code, again.document["moved"][0]["cells"]) == (0, 0)


def test_a_run_with_restored_cells_can_be_taken_back(notes: str, tmp_path: Path) -> None:
    with psycopg.connect(notes) as connection:
        connection.execute(ADD.encode())
    ask(notes, tmp_path, "--restore", MOVE)
    undone = pgraduate("undo", "--to", notes, cwd=tmp_path)
    assert undone.code == 0, undone.err
    with psycopg.connect(notes) as connection:
        assert connection.execute("SELECT to_regnamespace('pgraduate'), to_regnamespace('notes')").fetchone() == (
            None,
            None,
        )


@pytest.mark.parametrize(
    "options",
    [
        ("--restore", "note.body"),
        ("--restore", "note.nothing=body_bytes"),
        ("--restore", MOVE, "--restore", MOVE),
        ("--restore", MOVE, "--take-back", MOVE),
        ("--since",),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(notes: str, tmp_path: Path, options: tuple[str, ...]) -> None:
    result = ask(notes, tmp_path, *options, "--json")
    assert (result.code, result.document["error"]["code"]) == (2, "USAGE")


def test_a_run_without_a_quarantine_says_so(target: str, tmp_path: Path) -> None:
    path = make(tmp_path / "plain.db", "CREATE TABLE t (x TEXT)", "INSERT INTO t VALUES ('plain')")
    assert pgraduate("run", path, "--to", target, cwd=tmp_path).code == 0
    assert ask(target, tmp_path).out.strip() == "nothing is in quarantine"


def test_a_view_that_computes_of_cells_in_quarantine_says_so(target: str, tmp_path: Path) -> None:
    source = make(
        tmp_path / "app.db",
        "CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT)",
        "INSERT INTO note VALUES (1, 'a' || char(0) || 'b')",
        "CREATE VIEW sizes AS SELECT id, length(body) AS size FROM note",
    )
    result = pgraduate("run", source, "--to", target, "--json", cwd=tmp_path)
    assert result.code == 4, result.err
    assert result.document["why"][0] == "view sizes: 1 row differs; it reads note, with cells in quarantine"
