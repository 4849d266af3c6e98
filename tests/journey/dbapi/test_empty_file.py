"""An application that is moved before it has written a row: what it writes afterwards is what SQLite would have kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from support.chosen import choose_server
from support.server import PrivateServer

import pgraduate
from pgraduate import dbapi
from pgraduate.dbapi.pool import close_pools

SCHEMA = """
CREATE TABLE settings (key TEXT NOT NULL UNIQUE, value);
CREATE TABLE cache (rowid INTEGER PRIMARY KEY, key BLOB, raw INTEGER, expires REAL, tag BLOB, size INTEGER DEFAULT 0,
    value BLOB DEFAULT 'none');
CREATE UNIQUE INDEX cache_key_raw ON cache (key, raw);
CREATE INDEX cache_tag ON cache (tag, rowid) WHERE tag IS NOT NULL;
CREATE TABLE history (id INTEGER PRIMARY KEY, cache_key REFERENCES cache_name (name), seen);
CREATE TABLE cache_name (name PRIMARY KEY);
CREATE TABLE exact (v ANY) STRICT;
CREATE TRIGGER counted AFTER INSERT ON cache FOR EACH ROW BEGIN
    UPDATE settings SET value = value + NEW.size WHERE key = 'size';
END;
"""
KEYS = (5, "5", b"5", 2.5, 2**53 + 1, "", b"", b"\x00\xff", "é")
QUESTIONS = (
    "SELECT key, typeof(key), value, typeof(value), tag FROM cache ORDER BY rowid",
    "SELECT key, raw FROM cache WHERE tag IS NOT NULL ORDER BY key DESC",
    "SELECT value, typeof(value) FROM settings ORDER BY key",
    "SELECT v, typeof(v) FROM exact ORDER BY typeof(v)",
    "SELECT count(*), min(key), max(key), sum(size) FROM cache",
    "SELECT h.seen, n.name, typeof(n.name) FROM history AS h JOIN cache_name AS n ON n.name = h.cache_key ORDER BY h.id",
)


@pytest.fixture(scope="module")
def pair(server: PrivateServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Any]]:
    """Connections to a file that was moved while it was empty, and to one like it that stayed in SQLite."""
    place = tmp_path_factory.mktemp("empty")
    for name in ("moved.db", "stayed.db"):
        with sqlite3.connect(place / name) as connection:
            connection.executescript(SCHEMA)
        connection.close()
    with server.database() as home, pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        result = pgraduate.run(place / "moved.db", to=home)
        assert (result["exit_code"], result["verdict"]) == (0, "equal"), result
        choose_server(patch, home)
        there, here = dbapi.connect(place / "moved.db"), sqlite3.connect(place / "stayed.db")
        here.execute("PRAGMA foreign_keys = ON")
        yield there, here
        there.close()
        here.close()
        close_pools()


def test_the_first_rows_are_kept_as_sqlite_keeps_them(pair: tuple[Any, Any]) -> None:
    for connection in pair:
        connection.executemany(
            "INSERT INTO settings VALUES (?, ?)", [("size", 0), ("policy", "lru"), ("load", 0.5), ("none", None)]
        )
        for size, key in enumerate(KEYS):
            connection.execute(
                "INSERT INTO cache (key, raw, tag, value, size) VALUES (?, 1, ?, ?, ?)", (key, key, key, size)
            )
        connection.execute("INSERT INTO cache (key, raw) VALUES ('default', 0)")
        connection.execute("UPDATE cache SET value = ?, tag = NULL WHERE key = ? AND raw = 1", (7, "5"))
        connection.execute("INSERT OR REPLACE INTO cache (key, raw, value) VALUES (?, 1, ?)", (5.0, "replaced"))
        connection.executemany("INSERT INTO cache_name VALUES (?)", [(1,), ("1",), (b"1",)])
        connection.executemany("INSERT INTO exact VALUES (?)", [("000123",), (2.0,)])
        connection.executemany("INSERT INTO history (cache_key, seen) VALUES (?, ?)", [("1", 2.5), (b"1", "x")])
        connection.commit()
    for question in QUESTIONS:
        found, expected = (connection.execute(question).fetchall() for connection in pair)
        assert [[(type(value), value) for value in row] for row in found] == [
            [(type(value), value) for value in row] for row in expected
        ], question


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        ("INSERT INTO cache (key, raw) VALUES (?, 1)", (b"5",)),
        ("INSERT INTO settings VALUES ('size', ?)", (1,)),
        ("INSERT INTO history (cache_key) VALUES (?)", (2,)),
    ],
)
def test_its_constraints_refuse_the_same(pair: tuple[Any, Any], statement: str, values: tuple[Any, ...]) -> None:
    said = set()
    for connection in pair:
        with pytest.raises(sqlite3.IntegrityError) as caught:
            connection.execute(statement, values)
        connection.rollback()
        said.add(str(caught.value))
    assert len(said) == 1, said
