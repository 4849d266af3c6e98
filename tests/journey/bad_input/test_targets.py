"""A target that cannot hold the result: the right exit code, and nothing written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from support.cli import pgraduate
from support.old_server import announcing
from support.pgcatalog import snapshot
from support.server import PrivateServer
from support.sources import make_shop


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return make_shop(tmp_path / "shop.db")


def test_an_unreachable_server(shop: Path, tmp_path: Path) -> None:
    result = pgraduate("run", shop, "--to", f"host={tmp_path} dbname=app", "--json", cwd=tmp_path)
    assert result.code == 7
    error = result.document["error"]
    assert error["code"] == "TARGET_UNUSABLE"
    assert error["hint"]


@pytest.fixture
def guarded(server: PrivateServer) -> Iterator[str]:
    """The conninfo, without password, of a database whose role has one and whose server asks for it."""
    with server.database() as conninfo, psycopg.connect(server.superuser, autocommit=True) as connection:
        connection.execute("CREATE ROLE guarded LOGIN PASSWORD 'right-canary'")
        with psycopg.connect(conninfo) as own:
            database = own.info.dbname
        connection.execute(f"GRANT CREATE ON DATABASE {database} TO guarded".encode())
        with server.asking_for_passwords("guarded"):
            yield f"postgresql://guarded@/{database}?host={server.directory}"
        connection.execute(f"REVOKE ALL ON DATABASE {database} FROM guarded".encode())
        connection.execute("DROP ROLE guarded")


def test_a_wrong_password(shop: Path, guarded: str, tmp_path: Path) -> None:
    url = guarded.replace("guarded@", "guarded:wrong-canary@")
    result = pgraduate("run", shop, "--to", "env", "--json", cwd=tmp_path, env={"DATABASE_URL": url})
    assert result.code == 7
    assert "password" in result.document["error"]["message"]
    assert "wrong-canary" not in result.out + result.err


def test_a_database_in_another_encoding(shop: Path, server: PrivateServer, tmp_path: Path) -> None:
    with server.database(encoding="SQL_ASCII") as conninfo:
        result = pgraduate("run", shop, "--to", conninfo, "--json", cwd=tmp_path)
    assert result.code == 7
    assert "SQL_ASCII" in result.document["error"]["message"]


def test_a_database_whose_sessions_are_read_only(shop: Path, server: PrivateServer, tmp_path: Path) -> None:
    with server.database() as conninfo:
        with (
            psycopg.connect(conninfo, autocommit=True) as own,
            psycopg.connect(server.superuser, autocommit=True) as db,
        ):
            db.execute(f"ALTER DATABASE {own.info.dbname} SET default_transaction_read_only = on".encode())
        result = pgraduate("run", shop, "--to", conninfo, "--json", cwd=tmp_path)
    assert result.code == 7
    assert "read-only" in result.document["error"]["message"]


def test_a_database_that_takes_one_connection_alone(shop: Path, server: PrivateServer, tmp_path: Path) -> None:
    with server.database() as conninfo, psycopg.connect(conninfo) as own:
        with psycopg.connect(server.superuser, autocommit=True) as db:
            db.execute(f"ALTER DATABASE {own.info.dbname} CONNECTION LIMIT 1".encode())
        result = pgraduate("run", shop, "--to", conninfo, "--json", cwd=tmp_path)
    assert result.code == 7
    assert "limit of connections" in result.document["error"]["hint"]


def test_a_server_older_than_14(shop: Path, tmp_path: Path) -> None:
    with announcing("13.22") as port:
        result = pgraduate(
            "run", shop, "--to", f"host=127.0.0.1 port={port} user=app dbname=app", "--json", cwd=tmp_path
        )
    assert result.code == 7
    assert "13.22" in result.document["error"]["message"]


def test_a_role_that_may_not_create(shop: Path, server: PrivateServer, tmp_path: Path) -> None:
    with server.database() as conninfo, psycopg.connect(server.superuser, autocommit=True) as connection:
        connection.execute("CREATE ROLE guest LOGIN")
        try:
            before = snapshot(conninfo)
            as_guest = conninfo.replace("user=owner", "user=guest")
            result = pgraduate("run", shop, "--to", as_guest, "--json", cwd=tmp_path)
            assert result.code == 5
            assert "may not create" in result.document["error"]["message"]
            assert snapshot(conninfo) == before
        finally:
            connection.execute("DROP ROLE guest")


def test_a_schema_with_objects_of_users(shop: Path, target: str, tmp_path: Path) -> None:
    with psycopg.connect(target) as connection:
        connection.execute("CREATE SCHEMA shop")
        connection.execute("CREATE TABLE shop.mine (id integer)")
    before = snapshot(target)
    result = pgraduate("run", shop, "--to", target, "--json", cwd=tmp_path)
    assert result.code == 5
    assert "mine" in result.document["error"]["message"]
    assert snapshot(target) == before


def test_other_schemas_do_not_matter(shop: Path, target: str, tmp_path: Path) -> None:
    with psycopg.connect(target) as connection:
        connection.execute("CREATE TABLE public.mine (id integer)")
    assert pgraduate("run", shop, "--to", target, cwd=tmp_path).code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("host=localhost password=canary-one", "password inside --to"),
        ("postgresql://app:canary-one@localhost/app", "password inside --to"),
        ("no such thing", "not a conninfo"),
        ("env", "needs DATABASE_URL"),
    ],
)
def test_words_that_name_no_target(words: str, message: str, shop: Path, tmp_path: Path) -> None:
    result = pgraduate("run", shop, "--to", words, "--json", cwd=tmp_path)
    assert result.code == 2
    assert message in result.document["error"]["message"]
    assert "canary-one" not in result.out + result.err


def test_an_open_decision_stops_before_anything_is_written(target: str, tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    source = tmp_path / "odd.db"
    with closing(sqlite3.connect(source)) as connection, connection:
        connection.execute("CREATE TABLE t (k TEXT PRIMARY KEY)")
        connection.execute("INSERT INTO t VALUES (CAST(x'610062' AS TEXT))")
    before = snapshot(target)
    result = pgraduate("run", source, "--to", target, "--json", cwd=tmp_path)
    assert result.code == 5
    document = result.document
    assert document["error"]["code"] == "OPEN_DECISIONS"
    assert [decision["answer"] for decision in document["decisions"]] == [None]
    assert "[decisions]" in document["error"]["hint"]
    assert snapshot(target) == before
