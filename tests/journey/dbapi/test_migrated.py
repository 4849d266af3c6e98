"""An application goes on over its migrated file: the same path, the same statements, the rows that were moved."""

from __future__ import annotations

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

SCRIPT = """
CREATE TABLE person(id INTEGER PRIMARY KEY, name TEXT NOT NULL, born DATE, active BOOLEAN DEFAULT 1, seen TIMESTAMP,
                    score DECIMAL(6,2), doc JSON, note);
CREATE UNIQUE INDEX person_name ON person(name COLLATE NOCASE);
CREATE TABLE visit(person INTEGER NOT NULL REFERENCES person(id) ON DELETE CASCADE, day TEXT, PRIMARY KEY (person, day));
CREATE TABLE log(line TEXT);
CREATE TABLE loose(id INTEGER PRIMARY KEY, mixed, words);
CREATE VIEW loosely AS SELECT mixed FROM loose;
CREATE VIEW grown AS SELECT id, name, upper(name) AS loud FROM person WHERE born < '2006-01-01';
CREATE TRIGGER visited AFTER INSERT ON visit BEGIN INSERT INTO log VALUES ('visit of ' || NEW.person); END;
INSERT INTO person VALUES (1, 'Ann', '1999-12-31', 1, '2024-01-31 10:00:00', 12.5, '{"a": [1]}', 'x'),
                          (7, 'Bob', NULL, 0, NULL, NULL, NULL, NULL);
INSERT INTO visit VALUES (1, '2024-01-01');
INSERT INTO loose VALUES (1, 5, 'a'), (2, '5', 'b'), (3, -0.0, 'c'), (4, x'35', 'd');
"""
QUESTIONS = (
    "SELECT * FROM person ORDER BY id",
    "SELECT name, born, active + 1, seen FROM person WHERE active = 1 AND born BETWEEN '1990-01-01' AND '2000-01-01'",
    "SELECT * FROM grown",
    "SELECT count(*), max(day), typeof(max(day)) FROM visit",
    "SELECT json_extract(doc, '$.a[0]') FROM person WHERE doc IS NOT NULL",
    "SELECT line FROM log ORDER BY line",
    "SELECT type, name, tbl_name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name",
    "SELECT count(*), max(words) FROM loose WHERE id > 1",
    "PRAGMA table_info(person)",
    "PRAGMA foreign_key_list(visit)",
)


def made(path: Path) -> Path:
    with sqlite3.connect(path) as connection:
        connection.executescript(SCRIPT)
    connection.close()
    return path


def goes_on(connection: Any) -> None:
    """What the application does after the move."""
    assert connection.execute("INSERT INTO person(name, seen) VALUES ('Cyd', '2024-02-01 00:00:00')").lastrowid == 8
    connection.execute("UPDATE person SET active = ?, score = ? WHERE name = ?", (0, 1.25, "ann"))
    connection.execute("UPDATE person SET active = 0 WHERE name = 'Ann'")
    connection.execute("INSERT INTO visit VALUES (8, '2024-03-01')")
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE constraint failed"):
        connection.execute("INSERT INTO person(name) VALUES ('BOB')")
    connection.execute("DELETE FROM person WHERE id = 1")


@pytest.fixture(scope="module")
def home(server: PrivateServer) -> Iterator[str]:
    with server.database() as target:
        yield target
        close_pools()


@pytest.fixture(scope="module")
def moved(home: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path]]:
    """The migrated file, and one like it that stayed in SQLite."""
    place = tmp_path_factory.mktemp("moved")
    moved, stayed = made(place / "app.db"), made(place / "stayed.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        result = pgraduate.run(moved, to=home)
        assert result["exit_code"] in (0, 3), result
        choose_server(patch, home)
        yield moved, stayed


@pytest.fixture
def pair(moved: tuple[Path, Path]) -> Iterator[tuple[Any, Any]]:
    """Connections to both; what a test writes is taken back at its end."""
    there, here = dbapi.connect(moved[0]), sqlite3.connect(moved[1])
    here.execute("PRAGMA foreign_keys = ON")
    yield there, here
    there.close()
    here.close()


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_are_those_of_sqlite(pair: tuple[Any, Any], question: str) -> None:
    there, here = pair
    found, expected = there.execute(question), here.execute(question)
    assert [column[0] for column in found.description] == [column[0] for column in expected.description]
    assert found.fetchall() == expected.fetchall()


def test_the_application_goes_on(pair: tuple[Any, Any]) -> None:
    there, here = pair
    for connection in pair:
        goes_on(connection)
    for question in QUESTIONS:
        assert there.execute(question).fetchall() == here.execute(question).fetchall(), question


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM loose",
        "SELECT count(*) FROM loosely WHERE mixed = 5",
        "UPDATE loose SET words = mixed",
        "DELETE FROM loose WHERE mixed IS NULL",
        "INSERT INTO loose(words) VALUES ('e') RETURNING mixed",
        "INSERT INTO log SELECT mixed FROM loose",
        "CREATE TABLE copied AS SELECT mixed FROM loose",
    ],
)
def test_a_column_whose_classes_are_kept_apart_is_not_read_as_another_value(
    pair: tuple[Any, Any], statement: str
) -> None:
    there, _ = pair
    with pytest.raises(
        sqlite3.NotSupportedError, match=r"loose\.mixed holds values of several storage classes.*CAST"
    ):
        there.execute(statement)
    there.execute("INSERT INTO loose(mixed, words) VALUES (?, 'f')", ("x",))
    there.execute("UPDATE loose SET words = 'g' WHERE id = 1")


def test_a_file_that_was_migrated_again_is_read_as_its_newest_run_left_it(
    moved: tuple[Path, Path], home: str
) -> None:
    dbapi.connect(moved[0]).close()
    with psycopg.connect(home, autocommit=True) as server:
        server.execute("UPDATE pgraduate.place SET run_id = 'earlier'")
        server.execute("DELETE FROM pgraduate.declared WHERE kind = 'view'")
    there = dbapi.connect(moved[0])
    assert there.execute("SELECT count(*) FROM grown").fetchone() == (1,)
    there.close()


def test_tables_of_the_application_are_not_hidden_by_a_later_run(moved: tuple[Path, Path], home: str) -> None:
    dbapi.connect(moved[0]).close()
    with psycopg.connect(home, autocommit=True) as server:
        server.execute("UPDATE pgraduate.place SET run_id = NULL")
    try:
        with pytest.raises(
            sqlite3.OperationalError, match=r"the application has made tables .* migrated to .* since"
        ):
            dbapi.connect(moved[0])
    finally:
        with psycopg.connect(home, autocommit=True) as server:
            server.execute("UPDATE pgraduate.place SET run_id = 'earlier'")
