"""Rowids of tables without an INTEGER PRIMARY KEY, from the words that ask for them to the statements that read them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from support.fidelity import Carried, carry
from support.server import PrivateServer
from support.sqlite_files import make
from support.translate_suite import twins_of

from pgraduate.settings import load
from pgraduate.translate import Outcome, Twins, split

SCRIPT = (
    "CREATE TABLE kv (key TEXT PRIMARY KEY, value TEXT)",
    "CREATE TABLE log (what TEXT)",
    "CREATE TABLE seen (what TEXT, number INTEGER)",
    "CREATE TABLE note (body TEXT)",
    "CREATE TABLE quiet (a TEXT)",
    "CREATE TRIGGER watch AFTER INSERT ON note BEGIN INSERT INTO seen VALUES (new.body, new.rowid); END",
    "INSERT INTO kv VALUES ('b', '1'), ('a', '2')",
    "INSERT INTO log(rowid, what) VALUES (-3, 'x'), (2, 'y'), (10, 'z')",
    "INSERT INTO note(rowid, body) VALUES (4, 'n')",
    "INSERT INTO quiet VALUES ('q')",
)
STATEMENTS = (
    "SELECT key FROM kv ORDER BY rowid",
    "SELECT * FROM log",
    "SELECT oid, log.rowid, what FROM log ORDER BY _rowid_ DESC LIMIT 2",
    "SELECT max(rowid) FROM kv",
    "SELECT * FROM log NATURAL JOIN kv",
    "INSERT INTO log VALUES ('w')",
    "INSERT INTO log(rowid, what) VALUES (3, 'w')",
    "INSERT OR REPLACE INTO kv VALUES ('b', '9')",
    "INSERT INTO kv VALUES ('a', '5') ON CONFLICT DO UPDATE SET value = 'u'",
    "INSERT INTO kv VALUES ('a', '5') ON CONFLICT(key) DO UPDATE SET value = excluded.value || rowid",
    "INSERT OR IGNORE INTO kv VALUES ('a', '0'), ('z', '1')",
    "UPDATE log SET rowid = 20 WHERE what = 'x'",
    "DELETE FROM kv WHERE rowid IN (SELECT rowid FROM kv ORDER BY rowid DESC LIMIT 1)",
    "INSERT INTO note VALUES ('o')",
    "PRAGMA table_info(kv)",
)


def project(directory: Path) -> Path:
    (directory / "pgraduate.toml").write_text('[selection]\nrowids = ["kv", "l*"]\n', "utf-8")
    return make(directory / "app.db", *SCRIPT)


@pytest.fixture(scope="module")
def twins(server: PrivateServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    path = project(tmp_path_factory.mktemp("rowids"))
    with server.database() as conninfo, twins_of(path, conninfo, "declared") as found:
        yield found


@pytest.mark.parametrize("text", STATEMENTS)
def test_statements_find_the_rowids_that_sqlite_has(twins: Twins, text: str) -> None:
    found = twins.compare(split(text)[0])
    assert found.outcome is Outcome.IDENTICAL, found


def test_a_rowid_that_stayed_behind_is_refused_with_the_way_to_have_it(twins: Twins) -> None:
    found = twins.compare(split("SELECT a FROM quiet ORDER BY rowid")[0]).found
    assert "the rowid of quiet" in str(found)
    assert 'rowids = ["quiet"]' in str(found)


def test_a_run_carries_them_and_compares_them(target: str, tmp_path: Path) -> None:
    path = project(tmp_path)
    carried: Carried = carry(path, target, tmp_path)
    assert (carried.verdict, carried.code) == ("equal", 0), carried.why
    with sqlite3.connect(path) as lite:
        numbers = lite.execute("SELECT rowid, what FROM log ORDER BY rowid").fetchall()
    lite.close()
    with psycopg.connect(target) as connection:
        found = connection.execute("SELECT rowid, what FROM app.log ORDER BY rowid").fetchall()
    assert found == numbers
    assert load(tmp_path, environment={}).selection.rowids == ("kv", "l*")
