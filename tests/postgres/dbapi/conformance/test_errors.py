"""Errors: classes, words, codes; and what the other engine cannot do, said with a reason."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from support.engines import Connect


@pytest.mark.parametrize(
    ("statement", "message", "name"),
    [
        ("INSERT INTO item (name) VALUES ('pen')", "UNIQUE constraint failed: item.name", "UNIQUE"),
        ("INSERT INTO item (id, name) VALUES (1, 'x')", "UNIQUE constraint failed: item.id", "PRIMARYKEY"),
        ("INSERT INTO item (name) VALUES (NULL)", "NOT NULL constraint failed: item.name", "NOTNULL"),
        ("UPDATE item SET price = -1", "CHECK constraint failed: price >= 0", "CHECK"),
        ("INSERT INTO tag VALUES (1, 'a'), (1, 'a')", "UNIQUE constraint failed: tag.item, tag.word", "PRIMARYKEY"),
    ],
)
def test_violations(db: sqlite3.Connection, statement: str, message: str, name: str) -> None:
    with pytest.raises(sqlite3.IntegrityError) as caught:
        db.execute(statement)
    assert (str(caught.value), caught.value.sqlite_errorname) == (message, f"SQLITE_CONSTRAINT_{name}")


def test_the_check_that_failed_is_named_among_several(db: sqlite3.Connection) -> None:
    db.execute(
        "CREATE TABLE several (a INTEGER CHECK (a > 0), b TEXT CHECK (b <> ''), CHECK (a < 10),"
        " CONSTRAINT even CHECK (a % 2 = 0))"
    )
    for values, check in (((0, "x"), "a > 0"), ((2, ""), "b <> ''"), ((12, "x"), "a < 10"), ((3, "x"), "even")):
        with pytest.raises(sqlite3.IntegrityError, match=f"^CHECK constraint failed: {check}$"):
            db.execute("INSERT INTO several VALUES (?, ?)", values)


def test_a_named_check_is_named(db: sqlite3.Connection) -> None:
    db.execute("CREATE TABLE named (a INTEGER, CONSTRAINT positive CHECK (a > 0))")
    with pytest.raises(sqlite3.IntegrityError, match="CHECK constraint failed: positive"):
        db.execute("INSERT INTO named VALUES (0)")


def test_foreign_keys_are_enforced_when_the_connection_asks(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA foreign_keys = ON")
    assert db.execute("PRAGMA foreign_keys").fetchone() == (1,)
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY constraint failed") as caught:
        db.execute("INSERT INTO tag VALUES (99, 'x')")
    assert caught.value.sqlite_errorname == "SQLITE_CONSTRAINT_FOREIGNKEY"


def test_a_trigger_raises_its_own_words(db: sqlite3.Connection) -> None:
    db.execute(
        "CREATE TRIGGER guarded BEFORE DELETE ON item WHEN OLD.name = 'pen' "
        "BEGIN SELECT RAISE(ABORT, 'the pen stays'); END"
    )
    with pytest.raises(sqlite3.IntegrityError, match="the pen stays"):
        db.execute("DELETE FROM item")
    assert db.execute("SELECT count(*) FROM item").fetchone() == (3,)


REFUSED: dict[str, Callable[[sqlite3.Connection], object]] = {
    "backup": lambda db: db.backup(db),
    "iterdump": lambda db: list(db.iterdump()),
    "load_extension": lambda db: db.load_extension("any"),
    "enable_load_extension": lambda db: db.enable_load_extension(True),
    "serialize": lambda db: db.serialize(),
    "deserialize": lambda db: db.deserialize(b""),
    "blobopen": lambda db: db.blobopen("item", "data", 1),
    "create_function": lambda db: db.create_function("->", 2, lambda a, b: a),
    "create_collation": lambda db: db.create_collation("NOCASE", lambda a, b: 0),
    "getlimit": lambda db: db.getlimit(sqlite3.SQLITE_LIMIT_LENGTH),
    "setlimit": lambda db: db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 1),
    "set_authorizer": lambda db: db.set_authorizer(lambda *_: 0),
    "set_progress_handler": lambda db: db.set_progress_handler(lambda: 0, 100),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_what_only_a_file_has_is_refused_with_a_reason(db: sqlite3.Connection, name: str) -> None:
    with pytest.raises(sqlite3.NotSupportedError, match=name) as caught:
        REFUSED[name](db)
    assert len(str(caught.value)) > len(name) + 20


REGISTERED: dict[str, Callable[[sqlite3.Connection], object]] = {
    "SELECT twice(2)": lambda db: db.create_function("TWICE", 1, lambda x: 2 * x),
    'SELECT "twice" (2)': lambda db: db.create_function("twice", 1, lambda x: 2 * x),
    "SELECT lower(name) FROM item": lambda db: db.create_function("lower", 1, lambda x: x),
    "SELECT name FROM item WHERE name REGEXP 'a'": lambda db: db.create_function("regexp", 2, lambda a, b: True),
    "SELECT name FROM item WHERE name like 'a'": lambda db: db.create_function("like", 2, lambda a, b: True),
    "SELECT current_date": lambda db: db.create_function("current_date", 0, lambda: "now"),
    "SELECT best(name) FROM item": lambda db: db.create_aggregate("best", 1, type("Best", (), {})),
    "SELECT last(name) OVER () FROM item": lambda db: db.create_window_function("last", 1, type("Last", (), {})),
    "SELECT name FROM item ORDER BY name COLLATE odd": lambda db: db.create_collation("odd", lambda a, b: 0),
    "CREATE VIEW doubled AS SELECT twice(2)": lambda db: db.create_function("twice", 1, lambda x: 2 * x),
}


@pytest.mark.parametrize("statement", REGISTERED)
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_function_of_the_application_is_refused_where_a_statement_uses_it(
    db: sqlite3.Connection, statement: str
) -> None:
    db.execute("SELECT lower(name) FROM item")
    REGISTERED[statement](db)
    with pytest.raises(sqlite3.NotSupportedError, match="of the application's own: PostgreSQL cannot call Python"):
        db.execute(statement)
    assert db.execute("SELECT count(*) FROM item").fetchone() == (3,)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_function_of_the_application_is_refused_in_executemany(db: sqlite3.Connection) -> None:
    db.create_function("twice", 1, lambda x: 2 * x)
    with pytest.raises(sqlite3.NotSupportedError, match="of the application's own"):
        db.executemany("UPDATE item SET name = twice(?)", [("a",), ("b",)])


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_function_of_the_application_is_refused_where_a_view_would_use_the_server_s(
    db: sqlite3.Connection,
) -> None:
    db.execute("CREATE VIEW small AS SELECT lower(name) AS name FROM item")
    db.create_function("lower", 1, lambda x: x)
    with pytest.raises(sqlite3.NotSupportedError, match="of the application's own"):
        db.execute("SELECT name FROM small")


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_statement_that_passed_is_refused_when_its_function_is_registered_later(db: sqlite3.Connection) -> None:
    db.create_function("twice", 1, lambda x: 2 * x)
    db.execute("SELECT lower(name) FROM item")
    db.create_function("lower", 1, lambda x: x)
    with pytest.raises(sqlite3.NotSupportedError, match="of the application's own"):
        db.execute("SELECT lower(name) FROM item")


def test_a_table_may_bear_a_function_s_name(db: sqlite3.Connection) -> None:
    db.create_function("twice", 1, lambda x: 2 * x)
    db.execute("CREATE TABLE IF NOT EXISTS twice (n INTEGER)")
    db.execute("INSERT INTO twice(n) VALUES (1)")
    assert db.execute("SELECT n FROM twice").fetchall() == [(1,)]


def test_a_function_may_be_taken_away(db: sqlite3.Connection) -> None:
    db.create_function("lower", 1, lambda x: x)
    db.create_function("lower", 1, None)
    assert db.execute("SELECT count(*) FROM item").fetchone() == (3,)


def test_recursive_triggers_change_nothing_without_a_trigger(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA recursive_triggers = on")
    assert db.execute("PRAGMA recursive_triggers").fetchone() == (1,)
    assert db.execute("DELETE FROM item").rowcount == 3


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_write_under_recursive_triggers_is_refused_where_there_is_a_trigger(db: sqlite3.Connection) -> None:
    db.execute("CREATE TRIGGER guarded BEFORE DELETE ON item WHEN OLD.name = 'pen' BEGIN SELECT 1; END")
    db.execute("PRAGMA recursive_triggers = on")
    with pytest.raises(sqlite3.NotSupportedError, match="recursive_triggers"):
        db.execute("DELETE FROM item")
    db.execute("PRAGMA recursive_triggers = off")
    assert db.execute("DELETE FROM item").rowcount == 3


@pytest.mark.parametrize("name", ["set_authorizer", "set_progress_handler", "set_trace_callback"])
def test_a_hook_may_be_taken_away(db: sqlite3.Connection, name: str) -> None:
    if name == "set_progress_handler":
        db.set_progress_handler(None, 0)
    else:
        getattr(db, name)(None)
    assert db.execute("SELECT 1").fetchall() == [(1,)]


def test_a_trace_callback_is_told_each_statement(db: sqlite3.Connection) -> None:
    told: list[str] = []
    db.set_trace_callback(told.append)
    db.execute("SELECT count(*) FROM item")
    db.set_trace_callback(None)
    db.execute("SELECT 1")
    assert told == ["SELECT count(*) FROM item"]


def test_interrupt_without_a_statement_does_nothing(db: sqlite3.Connection) -> None:
    db.interrupt()
    assert db.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "statement", ["ATTACH 'other.db' AS other", "VACUUM INTO 'copy.db'", "SELECT load_extension('any')"]
)
def test_what_has_no_translation_is_refused(db: sqlite3.Connection, statement: str) -> None:
    with pytest.raises(sqlite3.Error) as caught:
        db.execute(statement)
    assert isinstance(caught.value, sqlite3.NotSupportedError | sqlite3.OperationalError)
    assert db.execute("SELECT count(*) FROM item").fetchone() == (3,)


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({}, "no engine is chosen"),
        ({"DB_TYPE": "oracle"}, "DB_TYPE=oracle is no engine"),
        ({"DB_TYPE": "postgresql"}, "POSTGRES_HOST"),
        (
            {"DB_TYPE": "postgresql", "POSTGRES_HOST": "/nowhere", "POSTGRES_DB": "a", "POSTGRES_USER": "b"},
            "the target does not answer",
        ),
    ],
)
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_engine_is_never_chosen_in_silence(
    connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], message: str
) -> None:
    monkeypatch.delenv("DB_TYPE")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(sqlite3.OperationalError, match=message):
        connect()
    assert not (tmp_path / "app.db").exists()
