"""Which database a path means: the file beside a schema, files that were not migrated, schemas that the settings name."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest
from support.server import PrivateServer

from pgraduate import dbapi
from pgraduate.dbapi.opening import open_place
from pgraduate.dbapi.places import place_of


def test_a_new_database_has_its_file(engine: Any, tmp_path: Path) -> None:
    with engine.connect() as connection:
        connection.execute("CREATE TABLE t(a)")
        connection.execute("INSERT INTO t VALUES (1)")
    assert engine.path.exists()
    with pytest.raises(sqlite3.OperationalError, match="unable to open database file"):
        engine.open(tmp_path / "absent" / "app.db")


@pytest.mark.usefixtures("served")
def test_a_missing_file_empties_no_schema(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    with dbapi.connect(path) as connection:
        connection.execute("CREATE TABLE t(a)")
        connection.execute("INSERT INTO t VALUES (1)")
    connection.close()
    path.unlink()
    again = dbapi.connect(path)
    assert again.execute("SELECT a FROM t").fetchall() == [(1,)]
    again.close()


@pytest.mark.usefixtures("served")
def test_a_file_with_rows_is_not_hidden_by_an_empty_schema(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t(a)")
    connection.close()
    with pytest.raises(sqlite3.OperationalError, match=r"app\.db is not empty and was not migrated"):
        dbapi.connect(path)


@pytest.mark.usefixtures("served")
def test_the_settings_map_a_path_to_a_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with dbapi.connect(tmp_path / "first.db") as first:
        first.execute("CREATE TABLE t(a)")
        schema = first.place.schema
    Path("pgraduate.toml").write_text(f'[runtime.paths]\n"data/other.db" = "{schema}"\n"wrong.db" = "absent"\n')
    with dbapi.connect("data/other.db") as other:
        other.execute("INSERT INTO t VALUES (7)")
    assert first.execute("SELECT a FROM t").fetchall() == [(7,)]
    other.execute("CREATE TABLE u(b)")
    assert first.execute("SELECT count(*) FROM u").fetchall() == [(0,)]
    with pytest.raises(sqlite3.OperationalError, match=r"names the schema absent, which is no database"):
        dbapi.connect("wrong.db")
    first.close()
    other.close()


OLD = "COMMENT ON SCHEMA pgraduate_compat IS 'pgraduate compat functions, version 0'"
VERSION_NOW = "SELECT obj_description('pgraduate_compat'::regnamespace, 'pg_namespace')"


@pytest.mark.usefixtures("served")
def test_functions_of_an_older_version_are_replaced_at_the_first_connection(shared: str, tmp_path: Path) -> None:
    dbapi.connect(tmp_path / "first.db").close()
    with psycopg.connect(shared, autocommit=True) as owner:
        now = owner.execute(VERSION_NOW).fetchone()
        owner.execute(f"{OLD}; DROP FUNCTION pgraduate_compat.hex(text) CASCADE".encode())
        with dbapi.connect(tmp_path / "second.db") as again:
            assert again.execute("SELECT hex('a')").fetchall() == [("61",)]
        again.close()
        assert owner.execute(VERSION_NOW).fetchone() == now


def test_a_role_that_may_not_replace_older_functions_is_told_who_may(server: PrivateServer, tmp_path: Path) -> None:
    with server.roles("clerk"), server.database() as target:
        place = place_of(tmp_path / "app.db")
        with psycopg.connect(target, autocommit=True) as owner:
            open_place(owner, place)
            owner.execute(OLD)
        with (
            psycopg.connect(target.replace("user=owner", "user=clerk"), autocommit=True) as clerk,
            pytest.raises(sqlite3.OperationalError, match=r"older pgraduate.*connect once as the owner"),
        ):
            open_place(clerk, place)


@pytest.mark.usefixtures("served")
def test_the_count_of_pages_is_the_size_on_the_server(tmp_path: Path) -> None:
    with dbapi.connect(tmp_path / "app.db") as connection:
        connection.execute("CREATE TABLE t(a TEXT)")
        ((empty,),) = connection.execute("PRAGMA page_count")
        connection.executemany("INSERT INTO t VALUES (?)", [(str(number) * 100,) for number in range(2000)])
        ((full,),) = connection.execute("PRAGMA page_count")
        ((size,),) = connection.execute("PRAGMA page_size")
    assert (full - empty) * size > 500_000
    connection.close()
