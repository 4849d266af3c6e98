"""Installing, upgrading and checking the compat functions, and whether they survive a dump."""

from __future__ import annotations

import os
import subprocess

import psycopg
import pytest
from support.server import PrivateServer

from pgraduate import compat
from pgraduate.compat.install import VERSION
from pgraduate.dialect.functions import COMPAT
from pgraduate.errors import Refused


def test_install_brings_every_function_a_translation_may_call(connection: psycopg.Connection) -> None:
    compat.install(connection)
    assert compat.check(connection) == ()


def test_check_names_what_is_missing(connection: psycopg.Connection) -> None:
    compat.install(connection)
    connection.execute("DROP FUNCTION pgraduate_compat.hex(text), pgraduate_compat.hex(bytea) CASCADE")
    assert compat.check(connection) == ("hex",)


def test_check_of_an_empty_database_names_all(connection: psycopg.Connection) -> None:
    assert compat.check(connection) == tuple(sorted(COMPAT))


def test_second_install_changes_nothing(connection: psycopg.Connection) -> None:
    compat.install(connection)
    before = connection.execute("SELECT max(xmin::text::bigint) FROM pg_proc").fetchone()
    compat.install(connection)
    assert connection.execute("SELECT max(xmin::text::bigint) FROM pg_proc").fetchone() == before


def test_install_repairs_a_missing_function(connection: psycopg.Connection) -> None:
    compat.install(connection)
    connection.execute("DROP FUNCTION pgraduate_compat.nocase(text)")
    compat.install(connection)
    assert compat.check(connection) == ()


def test_install_upgrades_an_older_version(connection: psycopg.Connection) -> None:
    compat.install(connection)
    connection.execute("COMMENT ON SCHEMA pgraduate_compat IS 'pgraduate compat functions, version 0'")
    compat.install(connection)
    row = connection.execute("SELECT obj_description('pgraduate_compat'::regnamespace, 'pg_namespace')").fetchone()
    assert row == (f"pgraduate compat functions, version {VERSION}",)


def test_install_refuses_a_newer_version(connection: psycopg.Connection) -> None:
    compat.install(connection)
    connection.execute("COMMENT ON SCHEMA pgraduate_compat IS 'pgraduate compat functions, version 999'")
    with pytest.raises(Refused, match="newer"):
        compat.install(connection)


def test_install_refuses_a_schema_of_someone_else(connection: psycopg.Connection) -> None:
    connection.execute("CREATE SCHEMA pgraduate_compat")
    with pytest.raises(Refused, match="not made by pgraduate"):
        compat.install(connection)


def test_install_under_another_name(connection: psycopg.Connection) -> None:
    compat.install(connection, 'odd "name')
    assert compat.check(connection, 'odd "name') == ()
    assert connection.execute("""SELECT "odd ""name".to_text(1.5::float8)""").fetchone() == ("1.5",)
    assert connection.execute(
        "SELECT count(*) FROM pg_namespace WHERE nspname = 'pgraduate_compat'"
    ).fetchone() == (0,)


def test_volatility_of_each_function_is_the_registered_one(connection: psycopg.Connection) -> None:
    compat.install(connection)
    rows = connection.execute(
        "SELECT proname, provolatile::text FROM pg_proc WHERE pronamespace = 'pgraduate_compat'::regnamespace"
    ).fetchall()
    found = {(name, volatility) for name, volatility in rows if name in COMPAT}
    assert found == {(name, volatility.value) for name, volatility in COMPAT.items()}


def test_every_function_is_parallel_safe(connection: psycopg.Connection) -> None:
    compat.install(connection)
    unsafe = connection.execute(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'pgraduate_compat'::regnamespace AND proparallel <> 's'"
    ).fetchall()
    assert unsafe == []


def test_every_body_passes_the_server_s_own_check(connection: psycopg.Connection) -> None:
    compat.install(connection)
    connection.execute("SET search_path = ''")
    definitions = connection.execute(
        "SELECT pg_get_functiondef(oid) FROM pg_proc "
        "WHERE pronamespace = 'pgraduate_compat'::regnamespace AND prokind = 'f'"
    ).fetchall()
    for (definition,) in definitions:
        connection.execute(definition.encode())


def test_functions_and_what_uses_them_survive_dump_and_restore(
    server: PrivateServer, target: str, connection: psycopg.Connection
) -> None:
    compat.install(connection)
    connection.execute("CREATE TABLE public.t (name text, at text)")
    connection.execute("INSERT INTO public.t VALUES ('Bob', '2024-01-31')")
    connection.execute("CREATE UNIQUE INDEX ON public.t (pgraduate_compat.nocase(name))")
    connection.execute("CREATE INDEX ON public.t (pgraduate_compat.fixed_date(at, '+1 month'))")
    connection.execute(
        "CREATE VIEW public.v AS SELECT pgraduate_compat.fixed_date(at, '+1 month') AS d FROM public.t"
    )
    dumped = _run(server, "pg_dump", "--dbname", target)
    with server.database() as other:
        _run(server, "psql", "-v", "ON_ERROR_STOP=1", "-q", "--dbname", other, stdin=dumped)
        with psycopg.connect(other) as restored:
            assert compat.check(restored) == ()
            assert restored.execute("SELECT d FROM public.v").fetchone() == ("2024-03-02",)


def _run(server: PrivateServer, program: str, *arguments: str, stdin: str | None = None) -> str:
    environment = {**os.environ, "PGOPTIONS": ""}
    done = subprocess.run(
        [str(server.binaries / program), *arguments], input=stdin, capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
