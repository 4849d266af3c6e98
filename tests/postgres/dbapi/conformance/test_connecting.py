"""`connect`: which database a path names, and what its options mean."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path
from types import ModuleType

import pytest
from support.engines import Connect

MADE = "CREATE TABLE t (a)"


def tables(connection: sqlite3.Connection) -> list[str]:
    return [
        name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    ]


@pytest.mark.parametrize("kind", [str, Path, os.fsencode])
def test_a_path_names_the_same_database_each_time(connect: Connect, tmp_path: Path, kind: type) -> None:
    path = kind(tmp_path / "one.db")
    connect(path).execute(MADE)
    assert tables(connect(path)) == ["t"]


def test_two_paths_are_two_databases(connect: Connect, tmp_path: Path) -> None:
    connect(tmp_path / "one.db").execute(MADE)
    assert tables(connect(tmp_path / "two.db")) == []


def test_files_of_one_name_in_two_folders_are_two_databases(connect: Connect, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    connect(tmp_path / "a" / "one.db").execute(MADE)
    assert tables(connect(tmp_path / "b" / "one.db")) == []


def test_a_relative_path_is_resolved(connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    connect("one.db").execute(MADE)
    assert tables(connect(tmp_path / "one.db")) == ["t"]


def test_each_memory_is_its_own(connect: Connect) -> None:
    one = connect(":memory:")
    one.execute(MADE)
    assert (tables(one), tables(connect(":memory:"))) == (["t"], [])


def test_a_uri_names_the_file(connect: Connect, tmp_path: Path) -> None:
    connect(tmp_path / "one.db").execute(MADE)
    assert tables(connect(f"file:{tmp_path}/one.db?mode=rw", uri=True)) == ["t"]


def test_a_read_only_uri_refuses_writes(connect: Connect, tmp_path: Path) -> None:
    connect(tmp_path / "one.db").execute(MADE)
    reader = connect(f"file:{tmp_path}/one.db?mode=ro", uri=True)
    with pytest.raises(sqlite3.OperationalError, match="attempt to write a readonly database"):
        reader.execute("INSERT INTO t VALUES (1)")


def test_a_closed_connection_answers_nothing(connect: Connect) -> None:
    connection = connect()
    cursor = connection.cursor()
    connection.close()
    connection.close()
    for call in (lambda: connection.execute("SELECT 1"), lambda: cursor.execute("SELECT 1"), connection.commit):
        with pytest.raises(sqlite3.ProgrammingError, match=r"Cannot operate on a closed database\."):
            call()


def test_closing_rolls_back(connect: Connect) -> None:
    connection = connect()
    connection.execute(MADE)
    connection.execute("INSERT INTO t VALUES (1)")
    connection.close()
    assert connect().execute("SELECT count(*) FROM t").fetchone() == (0,)


def test_another_thread_is_refused_unless_it_is_allowed(connect: Connect) -> None:
    said: list[object] = []

    def ask(connection: sqlite3.Connection) -> None:
        try:
            said.append(connection.execute("SELECT 1").fetchone())
        except sqlite3.ProgrammingError as error:
            said.append(str(error).partition(".")[0])

    for connection in (connect(), connect(check_same_thread=False)):
        thread = threading.Thread(target=ask, args=(connection,))
        thread.start()
        thread.join()
    assert said == ["SQLite objects created in a thread can only be used in that same thread", (1,)]


def test_a_factory_makes_the_connection(module: ModuleType, connect: Connect, engine: str) -> None:
    base = module.Connection if engine == "postgresql" else sqlite3.Connection

    class Own(base):  # type: ignore[misc, valid-type]
        def answer(self) -> int:
            return int(self.execute("SELECT 42").fetchone()[0])

    connection = connect(factory=Own)
    assert isinstance(connection, Own)
    assert connection.answer() == 42


@pytest.mark.parametrize("level", [None, "", "DEFERRED", "IMMEDIATE", "EXCLUSIVE"])
def test_isolation_level_is_an_option_and_an_attribute(connect: Connect, level: str | None) -> None:
    assert connect(isolation_level=level).isolation_level == level


def test_an_unknown_isolation_level_is_refused(connect: Connect) -> None:
    with pytest.raises(ValueError, match="isolation_level string must be"):
        connect(isolation_level="SOMETIMES")


def test_sqlite_version_is_asked_of_the_engine(connect: Connect) -> None:
    assert connect().execute("SELECT sqlite_version()").fetchone() == (sqlite3.sqlite_version,)
