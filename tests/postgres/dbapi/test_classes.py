"""A value whose storage class its column would not give back is refused; no other value is changed on the way."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest


@pytest.fixture
def connection(engine: Any) -> Any:
    made = engine.connect()
    made.executescript(
        "CREATE TABLE typeless(id INTEGER PRIMARY KEY, v); CREATE TABLE worded(t TEXT); CREATE TABLE counted(n NUMERIC);"
        "INSERT INTO worded VALUES ('5'), ('x');"
    )
    return made


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        ("INSERT INTO typeless(v) SELECT t FROM worded", ()),
        ("INSERT INTO typeless(v) VALUES ((SELECT t FROM worded WHERE t = '5'))", ()),
        ("INSERT INTO typeless(v) VALUES ('5')", ()),
        ("INSERT INTO typeless(v) VALUES (?)", ("5",)),
        ("INSERT INTO typeless(v) VALUES (upper(?))", ("5",)),
        ("INSERT INTO typeless(v) VALUES (2), (CAST(5 AS TEXT))", ()),
        ("INSERT INTO counted VALUES (?)", (2**53 + 1,)),
        ("INSERT INTO counted VALUES (9007199254740993)", ()),
    ],
)
def test_a_value_is_kept_or_refused(connection: Any, statement: str, values: tuple[Any, ...]) -> None:
    table = statement.split()[2].partition("(")[0]
    try:
        connection.execute(statement, values)
    except sqlite3.NotSupportedError:
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
        return
    expected = sqlite3.connect(":memory:")
    expected.executescript(
        "CREATE TABLE typeless(id INTEGER PRIMARY KEY, v); CREATE TABLE worded(t TEXT); CREATE TABLE counted(n NUMERIC);"
        "INSERT INTO worded VALUES ('5'), ('x');"
    )
    expected.execute(statement, values)
    rows = f"SELECT * FROM {table}"
    assert list(map(repr, connection.execute(rows))) == list(map(repr, expected.execute(rows)))


@pytest.mark.parametrize(
    "question", ["SELECT coalesce(t, 0) FROM worded", "SELECT CASE t WHEN 'x' THEN 1 ELSE t END FROM worded"]
)
def test_an_expression_of_several_classes_is_right_or_refused(connection: Any, question: str) -> None:
    try:
        rows = connection.execute(question).fetchall()
    except sqlite3.NotSupportedError:
        return
    assert [type(value) for (value,) in rows if value != 1] == [str] * len([row for row in rows if row != (1,)])
