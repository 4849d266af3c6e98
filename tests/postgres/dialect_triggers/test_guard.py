"""A trigger does not fire itself again, and nothing of that rule is left behind by an error."""

from __future__ import annotations

import subprocess

import psycopg
import pytest
from support.server import PrivateServer
from support.twins import CreateTwins, Twins

TABLES = "CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER, fired INTEGER DEFAULT 0);"
TRIGGER = (
    "CREATE TRIGGER count_up AFTER UPDATE ON t BEGIN UPDATE t SET fired = fired + 1 WHERE rowid = new.rowid; "
    "SELECT RAISE(ABORT, 'no') WHERE new.n < 0; END"
)


@pytest.fixture
def twins(create_twins: CreateTwins) -> Twins:
    twins = create_twins(TABLES)
    twins.trigger(TRIGGER)
    twins.run("INSERT INTO t(n) VALUES (1), (2)")
    return twins


def fired(connection: psycopg.Connection) -> list[int]:
    return [count for (count,) in connection.execute("SELECT fired FROM app.t ORDER BY id").fetchall()]


def test_every_row_of_a_statement_fires_once(twins: Twins) -> None:
    twins.post.execute("UPDATE app.t SET n = n + 1")
    assert fired(twins.post) == [1, 1]


def test_it_fires_again_in_the_same_transaction(twins: Twins) -> None:
    with twins.post.transaction():
        twins.post.execute("UPDATE app.t SET n = 5")
        twins.post.execute("UPDATE app.t SET n = 6")
    assert fired(twins.post) == [2, 2]


def test_it_fires_after_an_error_was_rolled_back_to_a_savepoint(twins: Twins) -> None:
    with twins.post.transaction():
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation), twins.post.transaction():
            twins.post.execute("UPDATE app.t SET n = -1")
        twins.post.execute("UPDATE app.t SET n = 7")
    assert fired(twins.post) == [1, 1]


def test_it_fires_after_an_exception_that_plpgsql_caught(twins: Twins) -> None:
    twins.post.execute(
        "DO $$ BEGIN BEGIN UPDATE app.t SET n = -1; EXCEPTION WHEN integrity_constraint_violation THEN NULL; END; "
        "UPDATE app.t SET n = 7; END $$"
    )
    assert fired(twins.post) == [1, 1]


def test_an_error_of_a_nested_trigger_leaves_no_mark(
    connection: psycopg.Connection, create_twins: CreateTwins
) -> None:
    twins = create_twins(TABLES + "CREATE TABLE u(n INTEGER);")
    twins.trigger("CREATE TRIGGER outer_one AFTER UPDATE ON t BEGIN INSERT INTO u VALUES (new.n); END")
    twins.trigger("CREATE TRIGGER inner_one AFTER INSERT ON u WHEN new.n < 0 BEGIN SELECT RAISE(ABORT, 'no'); END")
    connection.execute("INSERT INTO app.t(n) VALUES (1)")
    with connection.transaction():
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation), connection.transaction():
            connection.execute("UPDATE app.t SET n = -1")
        connection.execute("UPDATE app.t SET n = 3")
    assert connection.execute("SELECT n FROM app.u").fetchall() == [(3,)]


def test_the_mark_ends_with_ignore(connection: psycopg.Connection, create_twins: CreateTwins) -> None:
    twins = create_twins(TABLES + "CREATE TABLE u(n INTEGER);")
    twins.trigger(
        "CREATE TRIGGER x BEFORE UPDATE ON t BEGIN INSERT INTO u VALUES (new.n); "
        "SELECT RAISE(IGNORE) WHERE new.n = 5; END"
    )
    connection.execute("INSERT INTO app.t(n) VALUES (1)")
    with connection.transaction():
        connection.execute("UPDATE app.t SET n = 5")
        connection.execute("UPDATE app.t SET n = 6")
    assert connection.execute("SELECT n FROM app.u ORDER BY n").fetchall() == [(5,), (6,)]


def test_a_trigger_without_writes_needs_no_guard(create_twins: CreateTwins) -> None:
    twins = create_twins(TABLES)
    translation = twins.trigger(
        "CREATE TRIGGER x BEFORE INSERT ON t WHEN new.n < 0 BEGIN SELECT RAISE(ABORT, 'no'); END"
    )
    assert "set_config" not in translation.function
    assert "recursion guard" not in translation.rules


def test_it_means_the_same_whatever_the_caller_searches_first(twins: Twins) -> None:
    twins.post.execute(
        "CREATE SCHEMA trap; CREATE FUNCTION trap.set_config(text, text, boolean) RETURNS text LANGUAGE sql "
        "AS $$ SELECT (1 / 0)::text $$; SET search_path = trap, pg_catalog"
    )
    twins.post.execute("UPDATE app.t SET n = 9")
    assert fired(twins.post) == [1, 1]


def test_drop_takes_back_exactly_what_was_made(twins: Twins) -> None:
    for statement in twins.translations[0].drop:
        twins.post.execute(statement.encode())
    left = twins.post.execute(
        "SELECT (SELECT count(*) FROM pg_trigger), "
        "(SELECT count(*) FROM pg_proc WHERE pronamespace = 'app'::regnamespace)"
    ).fetchone()
    assert left == (0, 0)


def test_it_survives_dump_and_restore(server: PrivateServer, target: str, twins: Twins) -> None:
    dumped = subprocess.run(
        [server.binaries / "pg_dump", "--dbname", target], capture_output=True, text=True, check=True
    )
    with server.database() as copy:
        subprocess.run(
            [server.binaries / "psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", copy],
            input=dumped.stdout,
            capture_output=True,
            text=True,
            check=True,
        )
        with psycopg.connect(copy, autocommit=True) as restored:
            restored.execute("UPDATE app.t SET n = n + 1")
            assert fired(restored) == [1, 1]
