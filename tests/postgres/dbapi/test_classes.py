"""What a column of any storage class is given, it gives back, also from a query."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

TABLES = """
CREATE TABLE typeless(id INTEGER PRIMARY KEY, v);
CREATE TABLE worded(t TEXT);
CREATE TABLE counted(n NUMERIC);
INSERT INTO worded VALUES ('5'), ('x');
"""


@pytest.fixture
def connection(engine: Any) -> Any:
    made = engine.connect()
    made.executescript(TABLES)
    return made


STATEMENTS = [
    ("INSERT INTO typeless(v) SELECT t FROM worded", ()),
    ("INSERT INTO typeless(v) VALUES ((SELECT t FROM worded WHERE t = '5'))", ()),
    ("INSERT INTO typeless(v) VALUES ('5'), (5), (5.0), (x'35'), (NULL)", ()),
    ("INSERT INTO typeless(v) VALUES (?), (?), (?)", ("5", 5, b"5")),
    ("INSERT INTO typeless(v) VALUES (upper(?))", ("5",)),
    ("INSERT INTO typeless(v) VALUES (2), (CAST(5 AS TEXT))", ()),
    ("INSERT INTO counted VALUES (?), (?), (?), (?)", (2**53 + 1, 5.0, "7", "x")),
    ("INSERT INTO counted VALUES (9007199254740993)", ()),
    ("INSERT INTO counted SELECT t FROM worded", ()),
]
QUESTIONS = (
    "SELECT coalesce(t, 0) FROM worded ORDER BY t",
    "SELECT CASE t WHEN 'x' THEN 1 ELSE t END FROM worded ORDER BY t",
    "SELECT v, typeof(v) FROM typeless ORDER BY v, id",
    "SELECT count(DISTINCT v), max(v), min(v) FROM typeless",
    "SELECT n FROM counted WHERE n > 6 ORDER BY n",
)


@pytest.mark.parametrize(("statement", "values"), STATEMENTS)
def test_a_value_comes_back_in_its_storage_class(connection: Any, statement: str, values: tuple[Any, ...]) -> None:
    expected = sqlite3.connect(":memory:")
    expected.executescript(TABLES)
    for one in (connection, expected):
        one.execute(statement, values)
    for question in (*QUESTIONS, "SELECT * FROM typeless ORDER BY id", "SELECT * FROM counted ORDER BY rowid"):
        found = list(map(repr, connection.execute(question)))
        assert found == list(map(repr, expected.execute(question))), question
