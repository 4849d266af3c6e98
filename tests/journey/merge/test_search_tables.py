"""Search tables of two files in PostgreSQL: each entry leads to the row that it led to, and verify would see another."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from support.cli import pgraduate
from support.merging import misread

from pgraduate.journey.walk import run
from pgraduate.settings import load

_SCHEMA = """
CREATE TABLE mail (id INTEGER PRIMARY KEY, body TEXT);
CREATE TABLE author (id INTEGER PRIMARY KEY, email TEXT, name TEXT);
CREATE UNIQUE INDEX by_email ON author (email);
CREATE TABLE wrote (author INTEGER REFERENCES author (id), mail INTEGER REFERENCES mail (id));
CREATE VIRTUAL TABLE found USING fts5(body);
CREATE VIRTUAL TABLE box USING rtree(id, low, high);
INSERT INTO author VALUES (1, 'ann@example.org', 'Ann');
"""
_ANSWERS = """
[decisions]
"merge_key:all.mail(id)" = "rekey"
"merge_key:all.author(id)" = "rekey"
"merge_unique:all.author(email)" = "first"
"merge_search:all.found(rowid)" = "follow:mail"
"merge_search:all.box(id)" = "follow:mail"
"""


def _make(directory: Path) -> list[Path]:
    paths = []
    for number, animal in enumerate(("fox", "hen")):
        path = directory / f"{animal}.db"
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.executescript(_SCHEMA)
            for id in range(1, 6):
                body = f"{'red' if id % 2 else 'blue'} {animal} {id}"
                connection.execute("INSERT INTO mail VALUES (?, ?)", (id, body))
                connection.execute("INSERT INTO found (rowid, body) VALUES (?, ?)", (id, body))
                connection.execute(
                    "INSERT INTO box VALUES (?, ?, ?)", (id, 10 * number + id, 10 * number + id + 0.5)
                )
            connection.execute("INSERT INTO author VALUES (?, ?, ?)", (2, f"{animal}@example.org", animal))
            connection.execute("INSERT INTO wrote VALUES (1, 1), (2, 2)")
        paths.append(path)
    (directory / "pgraduate.toml").write_text(_ANSWERS)
    return paths


def test_entries_lead_to_their_rows_and_uninstall_leaves_the_tables(tmp_path: Path, target: str) -> None:
    paths = _make(tmp_path)
    result = pgraduate("run", *paths, "--target-schema", "all", "--to", target, "--json", cwd=tmp_path)
    assert (result.code, result.document["verdict"]) == (0, "equal"), result.err
    assert pgraduate("uninstall", "--yes", "--to", target, cwd=tmp_path).code == 0
    with psycopg.connect(target) as connection:
        found = connection.execute(
            'SELECT m.body, f.body, b.low FROM "all".found f JOIN "all".mail m ON m.id = f.rowid'
            " JOIN \"all\".box b ON b.id = m.id WHERE f.body LIKE 'red%' ORDER BY m.id"
        ).fetchall()
        wrote = connection.execute(
            'SELECT a.name, m.body FROM "all".wrote w JOIN "all".author a ON a.id = w.author'
            ' JOIN "all".mail m ON m.id = w.mail ORDER BY 2'
        ).fetchall()
        left = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname = 'pgraduate'").fetchall()
    assert found == [
        (f"red {animal} {id}", f"red {animal} {id}", 10 * number + id)
        for number, animal in enumerate(("fox", "hen"))
        for id in (1, 3, 5)
    ]
    assert wrote == [("fox", "blue fox 2"), ("hen", "blue hen 2"), ("Ann", "red fox 1"), ("Ann", "red hen 1")]
    assert left == []


def test_verify_sees_an_entry_that_did_not_follow(
    tmp_path: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = _make(tmp_path)
    misread(monkeypatch, "found", "rowid", 'x."rowid" + 5 + (x."rowid" = 5)')
    document = run(paths, load(tmp_path, target=target, target_schema="all", environment={}))
    assert document["verdict"] == "different"
    assert {table["name"]: table["differing"] for table in document["tables"] if table["differing"]} == {"found": 2}
