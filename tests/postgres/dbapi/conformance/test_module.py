"""The names of the module."""

from __future__ import annotations

import datetime
import sqlite3
from types import ModuleType

import pytest


def public(module: ModuleType) -> list[str]:
    return [name for name in dir(module) if not name.startswith("_")]


@pytest.mark.parametrize("name", public(sqlite3))
def test_every_public_name_of_sqlite3_is_there(module: ModuleType, name: str) -> None:
    ours, standard = getattr(module, name), getattr(sqlite3, name)
    if isinstance(standard, int | str | tuple) or (isinstance(standard, type) and issubclass(standard, Exception)):
        assert ours == standard
    else:
        assert callable(ours) == callable(standard)


def test_a_star_import_brings_them_all(module: ModuleType) -> None:
    brought: dict[str, object] = {}
    exec(f"from {module.__name__} import *", brought)
    assert set(public(sqlite3)) - set(brought) == set()


def test_constants_of_pep_249(module: ModuleType) -> None:
    assert (module.apilevel, module.paramstyle) == ("2.0", "qmark")
    assert module.threadsafety in (0, 1, 3)


def test_the_engine_decides_which_class_connects(module: ModuleType, engine: str) -> None:
    connection = module.connect(":memory:")
    try:
        assert (type(connection) is sqlite3.Connection) == (engine == "sqlite")
        assert isinstance(connection.cursor(), module.Cursor if engine == "postgresql" else sqlite3.Cursor)
    finally:
        connection.close()


def test_type_constructors(module: ModuleType) -> None:
    assert module.Date(2024, 1, 2) == datetime.date(2024, 1, 2)
    assert module.Timestamp(2024, 1, 2, 3, 4, 5) == datetime.datetime(2024, 1, 2, 3, 4, 5)
    assert bytes(module.Binary(b"x")) == b"x"


@pytest.mark.parametrize(("text", "whole"), [("SELECT 1;", True), ("SELECT 1", False), ("SELECT ';", False)])
def test_complete_statement(module: ModuleType, text: str, whole: bool) -> None:
    assert bool(module.complete_statement(text)) is whole


@pytest.mark.parametrize("name", [name for name in dir(sqlite3.Connection) if not name.startswith("_")])
def test_a_connection_has_every_public_name(db: sqlite3.Connection, name: str) -> None:
    ours = getattr(db, name)
    if isinstance(getattr(sqlite3.Connection, name), type):
        assert ours is getattr(sqlite3.Connection, name)


@pytest.mark.parametrize("name", [name for name in dir(sqlite3.Cursor) if not name.startswith("_")])
def test_a_cursor_has_every_public_name(db: sqlite3.Connection, name: str) -> None:
    assert hasattr(db.cursor(), name)
