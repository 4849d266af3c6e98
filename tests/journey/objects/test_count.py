"""The count that every object is held against sees what it should, and an object that the result lacks is missed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from support.source_objects import source_objects

SCHEMA = """
CREATE TABLE "t 1" (id INTEGER PRIMARY KEY, a INT DEFAULT 5 CHECK (a > 0), b TEXT DEFAULT NULL /* CHECK (1) */,
    c TEXT CONSTRAINT q CHECK (c <> 'CHECK (1)'), d TEXT DEFAULT (datetime('now')), g AS (a + 1), check (a < 9));
CREATE TABLE w (k TEXT PRIMARY KEY, n INT DEFAULT -1) WITHOUT ROWID;
CREATE TABLE i (k INTEGER PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE p (a INTEGER, b INTEGER, PRIMARY KEY (a, b));
CREATE TABLE d (id INTEGER PRIMARY KEY DESC, "check (x)" INT);
"""


def test_checks_defaults_and_identities_are_counted(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "app.db")) as connection, connection:
        connection.executescript(SCHEMA)
    found = source_objects(tmp_path / "app.db")
    counted = {key: count for key, count in found.items() if key[0] in ("check", "default", "identity") and count}
    assert counted == {
        ("check", "t 1"): 3,
        ("default", "t 1"): 2,
        ("default", "w"): 1,
        ("identity", "t 1"): 1,
    }
