"""Errors have SQLite's class, code and words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pgraduate import dbapi as sqlite3

SCRIPT = """
CREATE TABLE parent(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE child(id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent(id), size INTEGER CHECK (size > 0),
                   a TEXT, b TEXT, UNIQUE (a, b));
INSERT INTO parent VALUES (1, 'p');
INSERT INTO child VALUES (1, 1, 1, 'a', 'b');
"""


@pytest.fixture
def connection(engine: Any) -> Any:
    made = engine.connect()
    made.execute("PRAGMA foreign_keys = ON")
    made.executescript(SCRIPT)
    return made


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELEC 1", 'near "SELEC": syntax error'),
        ("SELECT * FROM absent", "no such table: absent"),
        ("SELECT absent FROM parent", "no such column: absent"),
        ("INSERT INTO parent(absent) VALUES (1)", "table parent has no column named absent"),
        ("INSERT INTO parent VALUES (1)", "table parent has 2 columns but 1 values were supplied"),
        ("SELECT absent(1)", "no such function: absent"),
        ("CREATE TABLE parent(x)", "table parent already exists"),
        ("DROP TABLE absent", "no such table: absent"),
        ("COMMIT", "cannot commit - no transaction is active"),
        ("ROLLBACK TO absent", "no such savepoint: absent"),
    ],
)
def test_what_sqlite_refuses_is_refused_in_its_words(connection: Any, sql: str, words: str) -> None:
    with pytest.raises(sqlite3.OperationalError) as caught:
        connection.execute(sql)
    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("sql", "words", "name"),
    [
        ("INSERT INTO parent VALUES (2, 'p')", "UNIQUE constraint failed: parent.name", "UNIQUE"),
        ("INSERT INTO child(a, b) VALUES ('a', 'b')", "UNIQUE constraint failed: child.a, child.b", "UNIQUE"),
        ("INSERT INTO parent VALUES (1, 'q')", "UNIQUE constraint failed: parent.id", "PRIMARYKEY"),
        ("INSERT INTO parent VALUES (2, NULL)", "NOT NULL constraint failed: parent.name", "NOTNULL"),
        ("UPDATE child SET size = 0", "CHECK constraint failed: size > 0", "CHECK"),
        ("INSERT INTO child(parent_id) VALUES (9)", "FOREIGN KEY constraint failed", "FOREIGNKEY"),
    ],
)
def test_a_violated_constraint_is_named(connection: Any, sql: str, words: str, name: str) -> None:
    with pytest.raises(sqlite3.IntegrityError) as caught:
        connection.execute(sql)
    assert (str(caught.value), caught.value.sqlite_errorname) == (words, f"SQLITE_CONSTRAINT_{name}")


def test_a_wrong_number_of_values_is_told(connection: Any) -> None:
    with pytest.raises(sqlite3.ProgrammingError, match="The current statement uses 1, and there are 0 supplied"):
        connection.execute("SELECT ?")


def test_after_close_nothing_is_done(connection: Any) -> None:
    cursor = connection.cursor()
    connection.close()
    with pytest.raises(sqlite3.ProgrammingError, match="Cannot operate on a closed database"):
        cursor.execute("SELECT 1")
    with pytest.raises(sqlite3.ProgrammingError, match="Cannot operate on a closed database"):
        connection.execute("SELECT 1")


def test_a_typeless_child_takes_the_type_of_a_parent_that_is_made_later(engine: Any) -> None:
    connection = engine.connect()
    connection.executescript("CREATE TABLE reply(id INTEGER PRIMARY KEY, of REFERENCES post(id), body TEXT)")
    connection.executescript("CREATE TABLE post(id INTEGER PRIMARY KEY, title TEXT)")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("INSERT INTO post VALUES (7, 'a')")
    connection.execute("INSERT INTO reply(of) VALUES (7)")
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY constraint failed"):
        connection.execute("INSERT INTO reply(of) VALUES (8)")
    assert connection.execute("SELECT of, typeof(of) FROM reply JOIN post ON post.id = of").fetchall() == [
        (7, "integer")
    ]


@pytest.mark.usefixtures("served")
def test_a_write_outside_of_a_transaction_needs_no_lock_and_is_not_overwritten(tmp_path: Path) -> None:
    one, two = (sqlite3.connect(tmp_path / "app.db", isolation_level=None, timeout=0.2) for _ in range(2))
    one.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER)")
    one.execute("INSERT INTO t VALUES (1, 10)")
    one.execute("BEGIN IMMEDIATE")
    assert one.execute("SELECT n FROM t").fetchall() == [(10,)]
    two.execute("UPDATE t SET n = n + 1")
    with pytest.raises(sqlite3.OperationalError, match="database is locked"):
        one.execute("UPDATE t SET n = 20")
    one.rollback()
    assert one.execute("SELECT n FROM t").fetchall() == [(11,)]
    one.close()
    two.close()
