"""Concurrent builds that fail, are killed, or find their remains: in the end the index is valid, or nothing is left."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time

import psycopg
import pytest
from support.soak import count, seed, tallied

from pgraduate.errors import Interrupted, Refused
from pgraduate.tune.indexes import building
from pgraduate.tune.indexes.building import BuildIndexes, DropIndexes, plan_build, plan_drop
from pgraduate.tune.indexes.catalog import read_catalog
from pgraduate.tune.indexes.definition import Definition, column_key
from pgraduate.tune.indexes.progress import build_watched

_question = building.question
INDEX = Definition("public", "t", (column_key("a"), column_key("b")))
KILLS, SEED = count(5, 60), seed(20261128)
BUILD = """
import sys, psycopg
from pgraduate.model.operation import Plan
from pgraduate.tune.indexes.building import BuildIndexes, plan_build
from pgraduate.tune.indexes.definition import Definition, column_key
index = Definition("public", "t", (column_key("a"), column_key("b")))
with psycopg.connect(sys.argv[1], autocommit=True) as connection:
    connection.execute("SET client_connection_check_interval = '100ms'")
    print("begun", flush=True)
    BuildIndexes().apply(connection, plan_build([index]))
"""


@pytest.fixture
def filled(connection: psycopg.Connection) -> psycopg.Connection:
    connection.execute(
        "CREATE TABLE t AS SELECT n AS id, (n * 7919) % 10007 AS a, n % 13 AS b FROM generate_series(1, 60000) AS n"
    )
    return connection


def _indexes(connection: psycopg.Connection) -> list[tuple[str, bool]]:
    return [(index.name, index.is_valid) for index in read_catalog(connection).indexes]


def _leave_invalid(connection: psycopg.Connection) -> None:
    """Let a concurrent build fail as it does in the field: an older transaction stays open for too long."""
    with psycopg.connect(connection.info.dsn) as other:
        other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        other.execute("SELECT 1 FROM t LIMIT 1")
        connection.execute("SET lock_timeout = '200ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            connection.execute(INDEX.statement(concurrently=True).encode())
    connection.execute("RESET lock_timeout")
    assert _indexes(connection) == [(INDEX.name, False)]


def test_an_invalid_remain_is_replaced(filled: psycopg.Connection) -> None:
    _leave_invalid(filled)
    plan = plan_build([INDEX])
    BuildIndexes().apply(filled, plan)
    assert BuildIndexes().check(filled, plan).holds
    assert _indexes(filled) == [(INDEX.name, True)]


def test_an_invalid_remain_does_not_count_as_built(filled: psycopg.Connection) -> None:
    _leave_invalid(filled)
    assert not BuildIndexes().check(filled, plan_build([INDEX])).holds


def test_undo_takes_an_invalid_remain_away(filled: psycopg.Connection) -> None:
    _leave_invalid(filled)
    BuildIndexes().undo(filled, plan_build([INDEX]))
    assert _indexes(filled) == []


def test_a_lock_that_does_not_come_is_said_and_the_next_run_repairs(
    filled: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "LOCK_TIMEOUT", "100ms")
    monkeypatch.setattr(building, "PAUSE_SECONDS", 0.01)
    with psycopg.connect(filled.info.dsn) as other:
        other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        other.execute("SELECT 1 FROM t LIMIT 1")
        with pytest.raises(Interrupted, match="did not end"):  # the drop of the remains waits for it as well
            BuildIndexes().apply(filled, plan_build([INDEX]))
    BuildIndexes().apply(filled, plan_build([INDEX]))
    assert _indexes(filled) == [(INDEX.name, True)]


def test_another_object_of_its_name_is_left_alone(filled: psycopg.Connection) -> None:
    filled.execute(f"CREATE TABLE {INDEX.name} (x int)")
    with pytest.raises(Refused, match="another object"):
        BuildIndexes().apply(filled, plan_build([INDEX]))


def test_a_build_is_not_begun_behind_an_old_transaction(
    filled: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "question", lambda name: "SELECT 1 AS sessions, 900.0::float8 AS seconds"
                        if name == "oldest_snapshot" else _question(name))  # fmt: skip
    with pytest.raises(Refused, match="open for 900 s"):
        BuildIndexes().apply(filled, plan_build([INDEX]))
    assert _indexes(filled) == []


def test_killed_at_any_moment_the_next_build_repairs(filled: psycopg.Connection) -> None:
    print("seed", SEED)
    chosen = random.Random(SEED)
    with tallied("Kills of a concurrent index build, at random moments", SEED) as tally:
        for _ in range(KILLS):
            with subprocess.Popen(
                [sys.executable, "-c", BUILD, filled.info.dsn], stdout=subprocess.PIPE
            ) as process:
                assert process.stdout is not None
                process.stdout.readline()
                time.sleep(chosen.uniform(0, 0.15))
                process.send_signal(signal.SIGKILL)
            with tally.trying():
                BuildIndexes().apply(filled, plan_build([INDEX]))
                assert _indexes(filled) == [(INDEX.name, True)]
                BuildIndexes().undo(filled, plan_build([INDEX]))
                assert _indexes(filled) == []


def test_a_dropped_index_comes_back_as_it_was(filled: psycopg.Connection) -> None:
    filled.execute("CREATE INDEX odd ON t USING btree (b DESC NULLS LAST, (a + 1)) INCLUDE (id) WHERE a > 3")
    filled.execute("COMMENT ON INDEX odd IS 'kept for the monthly report'")
    (before,) = read_catalog(filled).indexes
    plan = plan_drop([(before, "t")])
    DropIndexes().apply(filled, plan)
    assert DropIndexes().check(filled, plan).holds
    DropIndexes().undo(filled, plan)
    (after,) = read_catalog(filled).indexes
    assert (after.definition, after.comment, after.is_valid) == (before.definition, before.comment, True)


def test_a_build_that_takes_its_time_says_how_far_it_is(target: str, filled: psycopg.Connection) -> None:
    heard: list[str] = []
    with psycopg.connect(target) as other:
        other.execute("LOCK TABLE t IN ROW EXCLUSIVE MODE")  # the build waits for it, and says so

        def report(text: str) -> None:
            heard.append(text)
            other.rollback()

        with build_watched(lambda: psycopg.connect(target), filled, report, every=0.05):
            BuildIndexes().apply(filled, plan_build([INDEX]))
    assert any("waiting for" in text for text in heard), heard


def test_a_build_goes_on_where_nobody_can_watch(filled: psycopg.Connection) -> None:
    heard: list[str] = []
    nowhere = "host=/nowhere dbname=none"
    with build_watched(lambda: psycopg.connect(nowhere), filled, heard.append, every=0.01):
        BuildIndexes().apply(filled, plan_build([INDEX]))
    assert heard == ["its progress cannot be seen"]
    assert _indexes(filled) == [(INDEX.name, True)]
