"""An application whose columns hold values of several storage classes goes on after the move, on both engines alike."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from support.chosen import choose_server
from support.server import PrivateServer

import pgraduate
from pgraduate import dbapi
from pgraduate.dbapi.pool import close_pools

Value = int | float | str | bytes | None

SCRIPT = """
CREATE TABLE settings (key TEXT NOT NULL UNIQUE, value);
CREATE TABLE cache (rowid INTEGER PRIMARY KEY, key BLOB, raw INTEGER, stored REAL, tag BLOB, size INTEGER DEFAULT 0,
    mode INTEGER DEFAULT 0, value BLOB);
CREATE UNIQUE INDEX cache_key_raw ON cache (key, raw);
CREATE INDEX cache_tag ON cache (tag);
CREATE TRIGGER cache_insert AFTER INSERT ON cache FOR EACH ROW BEGIN
    UPDATE settings SET value = value + 1 WHERE key = 'count';
END;
CREATE TRIGGER cache_delete AFTER DELETE ON cache FOR EACH ROW BEGIN
    UPDATE settings SET value = value - 1 WHERE key = 'count';
END;
CREATE TABLE node (name PRIMARY KEY, up REFERENCES node, weight NUMERIC DEFAULT 'none', CHECK (weight <> 'heavy'));
CREATE TABLE word (w TEXT COLLATE NOCASE UNIQUE, more);
CREATE VIEW tagged AS SELECT key, value, typeof(value) AS kind FROM cache WHERE tag IS NOT NULL;
"""
KEPT: tuple[Value, ...] = (
    5, "5", b"5", 2.0, "2.0", 2.5, 0.1 + 0.2, 2**53 + 1, -(2**63), math.inf, "", b"", b"\x00\xff", 'a "quoted", (list) \\',
    "é\U0001f600\n", None,
)  # fmt: skip
QUESTIONS = (
    "SELECT key, value, typeof(key), typeof(value) FROM cache ORDER BY rowid",
    "SELECT key FROM cache ORDER BY key, rowid",
    "SELECT value FROM cache WHERE key > 2 AND key < 'b' ORDER BY key",
    "SELECT count(*), count(key), min(key), max(key), min(value), max(value) FROM cache",
    "SELECT DISTINCT value FROM cache ORDER BY value DESC LIMIT 5",
    "SELECT value, count(*) FROM cache GROUP BY value ORDER BY 1",
    "SELECT a.key FROM cache AS a JOIN cache AS b ON a.key = b.value ORDER BY a.rowid",
    "SELECT key + 1, key || '!', length(key), CAST(key AS TEXT), hex(key) FROM cache"
    " WHERE typeof(key) IN ('integer', 'text') ORDER BY rowid",
    "SELECT rowid FROM cache WHERE value IN (5, '2.0', x'35') ORDER BY rowid",
    "SELECT key FROM settings WHERE value LIKE 'l%'",
    "SELECT * FROM tagged ORDER BY 1",
    "SELECT key, value, typeof(value) FROM settings ORDER BY key",
    "SELECT child.name, typeof(child.up), parent.name FROM node AS child LEFT JOIN node AS parent ON parent.name = child.up"
    " ORDER BY 1",
    "SELECT name, weight, typeof(weight) FROM node WHERE weight >= 3 OR weight IS NULL ORDER BY name",
    "SELECT w, more FROM word ORDER BY w",
)
BOUND = (
    "SELECT value, typeof(key) FROM cache WHERE key = ? AND raw = 1",
    "SELECT count(*) FROM cache WHERE value >= ?",
)


def made(path: Path) -> Path:
    with sqlite3.connect(path) as connection:
        connection.executescript(SCRIPT)
        connection.executemany(
            "INSERT INTO settings VALUES (?, ?)", [("count", 0), ("policy", "lru"), ("cull", 2.0)]
        )
        connection.executemany(
            "INSERT INTO cache (key, raw, tag, value) VALUES (?, 1, ?, ?)",
            [(value, ("t", 1, b"t", None)[place % 4], value) for place, value in enumerate(KEPT)],
        )
        connection.execute(
            "INSERT INTO node VALUES (1, NULL, 3), ('1', 1, 'x'), (x'31', '1', 2.5), (2.5, x'31', NULL)"
        )
        connection.execute("INSERT INTO word VALUES ('Ann', 1), (x'616e6e', 'b'), ('bob', 2.0)")
    connection.close()
    return path


@pytest.fixture(scope="module", params=["faithful", "declared"])
def moved(
    request: pytest.FixtureRequest, server: PrivateServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Path, str]]:
    """The migrated file, one like it that stayed in SQLite, and where the target is."""
    place = tmp_path_factory.mktemp("moved")
    moved, stayed = made(place / "app.db"), made(place / "stayed.db")
    with server.database() as home, pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        result = pgraduate.run(moved, to=home, policy=request.param)
        assert (result["exit_code"], result["verdict"]) == (0, "equal"), result
        choose_server(patch, home)
        yield moved, stayed, home
        close_pools()


@pytest.fixture
def pair(moved: tuple[Path, Path, str]) -> Iterator[tuple[Any, Any]]:
    """Connections to both; what a test writes is taken back at its end."""
    there, here = dbapi.connect(moved[0]), sqlite3.connect(moved[1])
    yield there, here
    there.close()
    here.close()


def with_classes(rows: list[tuple[Value, ...]]) -> list[tuple[tuple[type, Value], ...]]:
    return [tuple((type(value), value) for value in row) for row in rows]


def assert_alike(there: Any, here: Any, question: str, values: tuple[Value, ...] = ()) -> None:
    found, expected = there.execute(question, values), here.execute(question, values)
    assert [column[0] for column in found.description] == [column[0] for column in expected.description]
    assert with_classes(found.fetchall()) == with_classes(expected.fetchall())


def test_nothing_is_kept_beside_the_values(moved: tuple[Path, Path, str]) -> None:
    with psycopg.connect(moved[2]) as server:
        row = server.execute("SELECT (SELECT count(*) FROM pgraduate.kept_class), (SELECT count(*) FROM app.cache)")
        assert row.fetchone() == (0, len(KEPT))


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_has_the_answer_of_sqlite(pair: tuple[Any, Any], question: str) -> None:
    assert_alike(*pair, question)


@pytest.mark.parametrize("question", BOUND)
@pytest.mark.parametrize("value", KEPT, ids=repr)
def test_a_bound_value_is_compared_as_by_sqlite(pair: tuple[Any, Any], question: str, value: Value) -> None:
    assert_alike(*pair, question, (value,))


def test_what_is_written_afterwards_is_alike(pair: tuple[Any, Any]) -> None:
    for connection in pair:
        for value in (7, "7", b"7", 8.0, "", None):
            connection.execute(
                "INSERT INTO cache (key, raw, tag, value) VALUES (?, 2, ?, ?)", (value, value, value)
            )
        connection.execute("UPDATE cache SET value = ? WHERE key = ?", (b"changed", "5"))
        connection.execute(
            "UPDATE cache SET value = value + 1, tag = NULL WHERE typeof(value) IN ('integer', 'real')"
        )
        connection.execute("DELETE FROM cache WHERE value = ?", (b"\x00\xff",))
        connection.execute("INSERT OR IGNORE INTO cache (key, raw, value) VALUES ('5', 1, 'ignored')")
        connection.execute("INSERT INTO node (name) VALUES (?)", ("third",))
        connection.execute("INSERT INTO word VALUES (?, ?)", ("Cyd", b"c"))
    for question in QUESTIONS:
        assert_alike(*pair, question)


def test_a_replaced_row_has_the_new_key(pair: tuple[Any, Any]) -> None:
    for connection in pair:
        connection.execute("INSERT OR REPLACE INTO cache (key, raw, value) VALUES (?, 1, 'replaced')", (5.0,))
        connection.execute("INSERT OR REPLACE INTO word VALUES ('ANN', 'replaced')")
    for question in (QUESTIONS[0], "SELECT w, more FROM word ORDER BY w"):
        assert_alike(*pair, question)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("INSERT INTO cache (key, raw) VALUES (5.0, 1)", "UNIQUE constraint failed: cache.key, cache.raw"),
        ("INSERT INTO cache (key, raw) VALUES (x'35', 1)", "UNIQUE constraint failed: cache.key, cache.raw"),
        ("INSERT INTO node (name) VALUES (1.0)", "UNIQUE constraint failed: node.name"),
        ("INSERT INTO node VALUES ('n', NULL, 'heavy')", "CHECK constraint failed"),
        ("INSERT INTO word VALUES ('ANN', 1)", "UNIQUE constraint failed: word.w"),
    ],
)
def test_a_constraint_refuses_the_same(pair: tuple[Any, Any], statement: str, message: str) -> None:
    for connection in pair:
        with pytest.raises(sqlite3.IntegrityError, match=message):
            connection.execute(statement)
