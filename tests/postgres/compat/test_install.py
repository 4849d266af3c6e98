"""Installing, upgrading and checking the compat functions, and whether they survive a dump."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import psycopg
import pytest
from support.server import PrivateServer

from pgraduate import compat
from pgraduate.compat.install import VERSION, installed_signatures, signatures
from pgraduate.dialect.functions import COMPAT
from pgraduate.errors import Refused


def test_install_brings_every_function_a_translation_may_call(connection: psycopg.Connection) -> None:
    compat.install(connection)
    assert compat.check(connection) == ()


def test_check_names_what_is_missing(connection: psycopg.Connection) -> None:
    compat.install(connection)
    connection.execute("DROP FUNCTION pgraduate_compat.hex(text), pgraduate_compat.hex(bytea) CASCADE")
    assert compat.check(connection) == ("hex(bytea)", "hex(text)")


def test_check_names_an_overload_that_is_missing(connection: psycopg.Connection) -> None:
    compat.install(connection)
    connection.execute("DROP FUNCTION pgraduate_compat.hex(bytea) CASCADE")
    assert compat.check(connection) == ("hex(bytea)",)


def test_the_list_of_functions_is_what_the_scripts_make(connection: psycopg.Connection) -> None:
    compat.install(connection)
    assert installed_signatures(connection) == set(signatures())
    assert set(COMPAT) <= {signature.partition("(")[0] for signature in signatures()}


def test_check_of_an_empty_database_names_all(connection: psycopg.Connection) -> None:
    assert compat.check(connection) == tuple(sorted(signatures()))


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


DEPENDENTS = """
    CREATE SCHEMA app;
    CREATE TABLE app.t (
        name text,
        at text DEFAULT pgraduate_compat.datetime('now'),
        day text GENERATED ALWAYS AS (pgraduate_compat.fixed_date(at)) STORED,
        price double precision CHECK (pgraduate_compat.round(price, 2) = price)
    );
    CREATE UNIQUE INDEX ON app.t (pgraduate_compat.nocase(name));
    CREATE INDEX ON app.t (pgraduate_compat.fixed_date(at, '+1 month')) WHERE pgraduate_compat.like(name, 'a%');
    CREATE VIEW app.v AS
        SELECT name, pgraduate_compat.printf('%05.2f', price::text) AS p, pgraduate_compat.json_type('[1]') AS j FROM app.t;
    CREATE MATERIALIZED VIEW app.m AS SELECT pgraduate_compat.number_sum(price::numeric) AS s FROM app.t;
    CREATE FUNCTION app.lower_name() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS
        'BEGIN NEW.name := pgraduate_compat.substr(NEW.name, -3); RETURN NEW; END';
    CREATE TRIGGER g BEFORE INSERT ON app.t FOR EACH ROW
        WHEN (pgraduate_compat.is_number(NEW.name) IS FALSE) EXECUTE FUNCTION app.lower_name();
    INSERT INTO app.t (name, at, price) VALUES ('Robert', '2024-01-31 10:00:00', 1.5);
    REFRESH MATERIALIZED VIEW app.m;
"""
ANSWERS = (
    "SELECT name, at, day, price FROM app.t",
    "SELECT name, p, j FROM app.v",
    "SELECT s FROM app.m",
    "SELECT pgraduate_compat.fixed_date(at, '+1 month') FROM app.t",
)


def _answers(connection: psycopg.Connection) -> list[list[tuple[object, ...]]]:
    return [connection.execute(question.encode()).fetchall() for question in ANSWERS]


def test_install_upgrades_version_1_under_what_depends_on_it(connection: psycopg.Connection) -> None:
    connection.execute("CREATE SCHEMA pgraduate_compat; SET check_function_bodies = off")
    connection.execute((Path(__file__).parent / "version_1.sql").read_bytes())
    connection.execute("COMMENT ON SCHEMA pgraduate_compat IS 'pgraduate compat functions, version 1'")
    connection.execute(DEPENDENTS)
    before = _answers(connection)
    compat.install(connection)
    assert compat.check(connection) == ()
    assert _answers(connection) == before
    connection.execute("INSERT INTO app.t (name, price) VALUES ('Annabel', 2.5); REFRESH MATERIALIZED VIEW app.m")
    assert connection.execute("SELECT name FROM app.t WHERE price = 2.5").fetchone() == ("bel",)


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


ALONE = {"keep_number", "restart_sequence", "wait_for_locks", "integrity_check", "sqlite_temp_master"}
"""What writes, catches a failure, or asks for the session's own tables."""


def test_every_function_that_only_computes_is_parallel_safe(connection: psycopg.Connection) -> None:
    compat.install(connection)
    unsafe = connection.execute(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'pgraduate_compat'::regnamespace AND proparallel <> 's'"
    ).fetchall()
    assert {name for (name,) in unsafe} == ALONE


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
    connection.execute(DEPENDENTS)
    before = _answers(connection)
    dumped = _run(server, "pg_dump", "--dbname", target)
    with server.database() as other:
        _run(server, "psql", "-v", "ON_ERROR_STOP=1", "-q", "--dbname", other, stdin=dumped)
        with psycopg.connect(other) as restored:
            assert compat.check(restored) == ()
            assert _answers(restored) == before
            restored.execute("INSERT INTO app.t (name, price) VALUES ('Annabel', 2.5)")
            assert restored.execute("SELECT name FROM app.t WHERE price = 2.5").fetchone() == ("bel",)


def test_a_table_of_values_of_any_class_survives_dump_and_restore(
    server: PrivateServer, target: str, connection: psycopg.Connection
) -> None:
    compat.install(connection)
    connection.execute(
        """
        CREATE SCHEMA app;
        CREATE TABLE app.t (v pgraduate_compat.any_value UNIQUE DEFAULT pgraduate_compat.any_value('x'), n bigint);
        CREATE INDEX ON app.t (pgraduate_compat.any_nocase(v));
        INSERT INTO app.t VALUES (pgraduate_compat.any_value(5), 1), (pgraduate_compat.any_value('5'), 2),
            (pgraduate_compat.any_value('5'::bytea), 3), (NULL, 4), (pgraduate_compat.any_value(0.5::float8), 5);
        INSERT INTO app.t (n) VALUES (6);
        """
    )
    question = b"SELECT v::text, n FROM app.t ORDER BY v, n"
    before = connection.execute(question).fetchall()
    assert [n for _, n in before] == [5, 1, 2, 6, 3, 4]
    dumped = _run(server, "pg_dump", "--dbname", target)
    with server.database() as other:
        _run(server, "psql", "-v", "ON_ERROR_STOP=1", "-q", "--dbname", other, stdin=dumped)
        with psycopg.connect(other) as restored:
            assert restored.execute(question).fetchall() == before
            with pytest.raises(psycopg.errors.UniqueViolation):
                restored.execute("INSERT INTO app.t VALUES (pgraduate_compat.any_value(5.0::float8), 9)")


def _run(server: PrivateServer, program: str, *arguments: str, stdin: str | None = None) -> str:
    environment = {**os.environ, "PGOPTIONS": ""}
    done = subprocess.run(
        [str(server.binaries / program), *arguments], input=stdin, capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
