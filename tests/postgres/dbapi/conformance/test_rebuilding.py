"""A table that is rebuilt in the way of SQLite's manual: a new one takes its name, and what names it follows."""

from __future__ import annotations

import sqlite3

import pytest
from support.engines import Connect


@pytest.fixture
def db(connect: Connect) -> sqlite3.Connection:
    return connect(isolation_level=None)


TABLES = """
CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE log (line TEXT);
INSERT INTO person VALUES (1, 'Ann'), (2, 'Bob');
"""
REBUILDING = """
CREATE TABLE new_person (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age INTEGER DEFAULT 0);
INSERT INTO new_person (id, name) SELECT id, name FROM person;
DROP TABLE person;
ALTER TABLE new_person RENAME TO person;
"""


@pytest.mark.parametrize("legacy", ["ON", "OFF"])
def test_a_table_is_rebuilt(db: sqlite3.Connection, legacy: str) -> None:
    db.executescript(TABLES)
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute(f"PRAGMA legacy_alter_table = {legacy}")
    assert db.execute("PRAGMA legacy_alter_table").fetchone() == (int(legacy == "ON"),)
    db.executescript(REBUILDING)
    db.execute("PRAGMA legacy_alter_table = OFF")
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert db.execute("PRAGMA defer_foreign_keys").fetchone() == (0,)
    assert db.execute("SELECT * FROM person ORDER BY id").fetchall() == [(1, "Ann", 0), (2, "Bob", 0)]
    assert [row[1] for row in db.execute("PRAGMA table_info(person)")] == ["id", "name", "age"]
    assert db.execute("INSERT INTO person (name) VALUES ('Cyd')").lastrowid == 3


def test_a_trigger_finds_the_rebuilt_table(db: sqlite3.Connection) -> None:
    db.executescript(TABLES)
    db.execute(
        "CREATE TRIGGER counted AFTER INSERT ON log BEGIN UPDATE person SET name = NEW.line WHERE id = 1; END"
    )
    db.execute("PRAGMA legacy_alter_table = ON")
    db.executescript(REBUILDING)
    db.execute("INSERT INTO log VALUES ('x')")
    assert db.execute("SELECT name FROM person WHERE id = 1").fetchone() == ("x",)


def test_a_trigger_follows_a_new_name(db: sqlite3.Connection) -> None:
    db.executescript(TABLES)
    db.execute(
        "CREATE TRIGGER counted AFTER INSERT ON log BEGIN UPDATE person SET name = NEW.line WHERE id = 1; END"
    )
    db.execute("CREATE TRIGGER told AFTER UPDATE ON person BEGIN INSERT INTO log VALUES (NEW.name); END")
    db.execute("ALTER TABLE person RENAME TO people")
    db.execute("ALTER TABLE people RENAME COLUMN name TO called")
    db.execute("INSERT INTO log VALUES ('x')")
    assert db.execute("SELECT called FROM people WHERE id = 1").fetchone() == ("x",)
    assert db.execute("SELECT line FROM log").fetchall() == [("x",), ("x",)]


def test_a_view_follows_a_new_name(db: sqlite3.Connection) -> None:
    db.executescript(TABLES)
    db.execute("CREATE VIEW named AS SELECT name FROM person")
    db.execute("ALTER TABLE person RENAME TO people")
    db.execute("ALTER TABLE people RENAME name TO called")
    cursor = db.execute("SELECT * FROM named WHERE called = 'Ann'")
    assert (cursor.description[0][0], cursor.fetchall()) == ("called", [("Ann",)])


def test_an_old_name_that_would_stay_in_a_view_is_refused(db: sqlite3.Connection, engine: str) -> None:
    db.executescript(TABLES)
    db.execute("CREATE VIEW named AS SELECT name FROM person")
    db.execute("PRAGMA legacy_alter_table = ON")
    if engine == "sqlite":
        db.execute("ALTER TABLE person RENAME TO people")
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            db.execute("SELECT * FROM named")
    else:
        with pytest.raises(sqlite3.NotSupportedError, match="legacy_alter_table"):
            db.execute("ALTER TABLE person RENAME TO people")


def test_foreign_keys_cannot_be_put_off(db: sqlite3.Connection, engine: str) -> None:
    db.executescript(TABLES + "CREATE TABLE visit (person INTEGER REFERENCES person);")
    if engine == "sqlite":
        return
    for pragma in ("foreign_keys = OFF", "defer_foreign_keys = ON"):
        with pytest.raises(sqlite3.NotSupportedError, match="has no meaning"):
            db.execute(f"PRAGMA {pragma}")


@pytest.mark.parametrize(
    ("statement", "row"),
    [
        ("INSERT INTO person (rowid, id, name) VALUES (5, 7, 'x')", (7, "x")),
        ("INSERT INTO person (id, rowid, name, name) VALUES (8, 9, 'x', 'y')", (9, "x")),
        (
            "INSERT INTO person (rowid, id, name) SELECT rowid + 10, id + 20, name FROM person WHERE id = 1",
            (21, "Ann"),
        ),
    ],
)
def test_a_row_number_that_is_given_twice_is_the_last(
    db: sqlite3.Connection, statement: str, row: tuple[int, str]
) -> None:
    db.executescript(TABLES)
    db.execute(statement)
    assert db.execute("SELECT rowid, name FROM person WHERE id > 2").fetchall() == [row]


def test_a_savepoint_takes_definitions_back(db: sqlite3.Connection) -> None:
    db.execute("SAVEPOINT one")
    db.execute("CREATE TABLE kept (a)")
    db.execute("SAVEPOINT two")
    db.execute("CREATE TABLE gone (a)")
    db.execute("ROLLBACK TO two")
    assert db.execute("SELECT name FROM sqlite_master").fetchall() == [("kept",)]
    with pytest.raises(sqlite3.OperationalError, match="no such table: gone"):
        db.execute("SELECT * FROM gone")
    db.execute("CREATE TABLE gone (b)")
    db.execute("RELEASE two")
    db.execute("RELEASE one")
    assert db.execute("INSERT INTO gone (b) VALUES (1)").rowcount == 1
    db.execute("SAVEPOINT one")
    db.execute("DROP TABLE gone")
    db.execute("ROLLBACK TO one")
    db.execute("RELEASE one")
    assert db.execute("SELECT b FROM gone").fetchall() == [(1,)]
