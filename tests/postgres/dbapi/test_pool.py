"""The pool: many threads, few connections, a server that restarts, a process that forks."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg.pq import TransactionStatus
from support.server import PrivateServer

from pgraduate.dbapi.engine import Engine
from pgraduate.dbapi.limits import Limits
from pgraduate.dbapi.pool import Pool, pool_of
from pgraduate.postgres.target import from_text

NAMED = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'pgraduate/dbapi'"

Make = Callable[..., Pool]


@pytest.fixture
def make(target: str) -> Iterator[Make]:
    """Make pools on the test's database, with limits of one's own; all are closed at the end."""
    made: list[Pool] = []

    def one(conninfo: str = target, **bounds: float) -> Pool:
        pool = Pool(Engine("postgresql", from_text(conninfo)), Limits(**bounds))  # type: ignore[arg-type]
        made.append(pool)
        return pool

    yield one
    for pool in made:
        pool.close()


def of(connection: psycopg.Connection, question: str = "SELECT pg_backend_pid()") -> int:
    row = connection.execute(question).fetchone()
    assert row is not None
    return int(row[0])


def test_two_hundred_threads_at_start_share_five_connections(
    target: str, connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine("postgresql", from_text(target))
    for name in ("POSTGRES_POOL_MIN", "POSTGRES_POOL_MAX"):
        monkeypatch.delenv(name, raising=False)
    start = threading.Barrier(200)
    most = 0

    def work(number: int) -> tuple[Pool, int]:
        start.wait()
        pool = pool_of(engine)
        with pool.borrowed() as borrowed:
            return pool, of(borrowed, f"SELECT {number}")

    with ThreadPoolExecutor(200) as threads:
        answers = [threads.submit(work, number) for number in range(200)]
        while not all(answer.done() for answer in answers):
            most = max(most, of(connection, NAMED))
    pools = {id(answer.result()[0]) for answer in answers}
    (pool,) = {answer.result()[0] for answer in answers}
    try:
        assert sorted(answer.result()[1] for answer in answers) == list(range(200))
        assert len(pools) == 1
        # The first contact may still be on its way out.
        assert most <= 6
        figures = pool.figures()
        assert (figures.requests, figures.timed_out, figures.lost, figures.borrowed) == (200, 0, 0, 0)
        assert 1 <= figures.open <= figures.most == 5
    finally:
        pool.close()


def test_an_exhausted_pool_is_a_locked_database_after_the_wait(make: Make) -> None:
    pool = make(most=2)
    with ThreadPoolExecutor(2) as others:
        held = [others.submit(pool.take).result() for _ in range(2)]
        with pytest.raises(sqlite3.OperationalError, match="database is locked") as caught:
            pool.take(wait=0.1)
        assert str(caught.value) == "database is locked"
        assert (caught.value.sqlite_errorname, caught.value.sqlite_errorcode) == ("SQLITE_BUSY", 5)
        assert "POSTGRES_POOL_MAX" in caught.value.__notes__[0]
        pool.give_back(held[0])
        with pool.borrowed(wait=5) as one:
            assert one is held[0]
        pool.give_back(held[1])
    assert pool.figures().timed_out == 1


def test_a_thread_that_holds_them_all_does_not_wait_for_itself(make: Make) -> None:
    pool = make(most=2, wait=600)
    with (
        pool.borrowed() as one,
        pool.borrowed() as two,
        pytest.raises(sqlite3.OperationalError, match="database is locked") as caught,
        pool.borrowed(),
    ):
        pass
    assert one is not two
    assert str(caught.value) == "database is locked"
    assert "wait for itself" in caught.value.__notes__[0]


def test_nested_connections_may_come_back_in_any_order(make: Make) -> None:
    pool = make(most=3)
    one, two = pool.take(), pool.take()
    pool.give_back(one)
    three = pool.take()
    assert of(two) != of(three)
    pool.give_back(two)
    pool.give_back(three)
    assert pool.figures().borrowed == 0


def test_what_comes_back_has_no_transaction(make: Make, connection: psycopg.Connection) -> None:
    connection.execute("CREATE TABLE kept (id int)")
    pool = make(most=1)
    with pool.borrowed() as one:
        one.execute("BEGIN")
        one.execute("INSERT INTO kept VALUES (1)")
        first = of(one)
    with pool.borrowed() as two:
        assert (of(two), of(two, "SELECT count(*) FROM kept")) == (first, 0)
        two.execute("BEGIN")
        with pytest.raises(psycopg.errors.DivisionByZero):
            two.execute("SELECT 1/0")
    with pool.borrowed() as three:
        assert three.pgconn.transaction_status == TransactionStatus.IDLE
        assert of(three) == first


def test_a_connection_with_an_unread_result_is_replaced(make: Make) -> None:
    pool = make(most=1)
    one = pool.take()
    first = of(one)
    one.pgconn.send_query(b"SELECT generate_series(1, 10000000)")
    assert one.pgconn.transaction_status == TransactionStatus.ACTIVE
    pool.give_back(one)
    with pool.borrowed() as two:
        assert of(two) != first


def test_a_connection_comes_back_once(make: Make) -> None:
    pool = make()
    one = pool.take()
    pool.give_back(one)
    with pytest.raises(RuntimeError, match="given back already"):
        pool.give_back(one)


def test_sessions_that_the_server_ended_are_replaced_before_anyone_meets_them(
    make: Make, target: str, server: PrivateServer
) -> None:
    pool = make(least=3, most=3)
    held = [pool.take() for _ in range(3)]
    first = {of(one) for one in held}
    for one in held:
        pool.give_back(one)
    assert server.terminate(target) == 3
    again = [pool.take() for _ in range(3)]
    assert not {of(one) for one in again} & first
    for one in again:
        pool.give_back(one)
    assert pool.figures().lost == 3


def test_a_server_that_restarts_loses_no_connection(make: Make, server: PrivateServer) -> None:
    pool = make(least=3, most=3)
    held = [pool.take() for _ in range(3)]
    for one in held[1:]:
        pool.give_back(one)
    server.crash()
    with pytest.raises(psycopg.OperationalError):
        held[0].execute("SELECT 1")
    pool.give_back(held[0])
    with ThreadPoolExecutor(9) as threads:

        def work(number: int) -> int:
            with pool.borrowed() as one:
                return of(one, f"SELECT {number}")

        assert list(threads.map(work, range(60))) == list(range(60))
    together = [pool.take() for _ in range(3)]
    assert len({of(one) for one in together}) == 3
    for one in together:
        pool.give_back(one)
    figures = pool.figures()
    assert (figures.open, figures.borrowed, figures.timed_out) == (3, 0, 0)


def test_a_fork_leaves_the_parents_connections_alone(target: str, connection: psycopg.Connection) -> None:
    connection.execute("CREATE TABLE wrote (who text, pid int)")
    program = """
import os, sys
from pgraduate.dbapi.engine import Engine
from pgraduate.dbapi.pool import pool_of
from pgraduate.postgres.target import from_text
pool = pool_of(Engine("postgresql", from_text(sys.argv[1])))
INSERT = "INSERT INTO wrote VALUES (%s, pg_backend_pid())"
with pool.borrowed():
    pass
mine = pool.take()
mine.execute("BEGIN")
mine.execute(INSERT, ("parent",))
child = os.fork()
if not child:
    pool.give_back(mine)
    del mine
    with pool.borrowed() as own:
        own.execute(INSERT, ("child",))
    sys.exit(7)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
mine.execute(INSERT, ("parent",))
mine.execute("COMMIT")
pool.give_back(mine)
with pool.borrowed() as last:
    last.execute(INSERT, ("parent again",))
"""
    done = subprocess.run([sys.executable, "-c", program, target], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    wrote = connection.execute("SELECT who, count(*), count(DISTINCT pid) FROM wrote GROUP BY who ORDER BY who")
    assert wrote.fetchall() == [("child", 1, 1), ("parent", 2, 1), ("parent again", 1, 1)]


def test_a_server_that_is_not_there_is_said_to_all_at_once(make: Make) -> None:
    pool = make("host=/nowhere user=nobody dbname=none")
    start = threading.Barrier(50)

    def work(_: int) -> sqlite3.Error:
        start.wait()
        with pytest.raises(sqlite3.OperationalError, match="the target does not answer") as caught:
            pool.take()
        return caught.value

    with ThreadPoolExecutor(50) as threads:
        errors = list(threads.map(work, range(50)))
    assert {error.sqlite_errorname for error in errors} == {"SQLITE_CANTOPEN"}


def test_more_connections_than_the_server_has_are_refused_at_the_first_contact(make: Make) -> None:
    with pytest.raises(sqlite3.OperationalError, match=r"may ask for 10 × 5 connections .*the server has 47"):
        make(workers=10).take()


def test_the_health_check_asks_the_server(make: Make, target: str, server: PrivateServer) -> None:
    pool = make(least=2, most=2)
    pool.check()
    assert str(pool.server).startswith("PostgreSQL 1")
    assert (pool.server.role, pool.server.pooled) == ("owner", False)
    server.terminate(target)
    pool.check()
    assert pool.figures().borrowed == 0


@pytest.mark.parametrize(
    ("setting", "value", "probe", "answer"),
    [
        ("bytea_output", "escape", "SELECT '\\x00ff'::bytea::text", "\\x00ff"),
        ("TimeZone", "Asia/Tokyo", "SELECT '2024-01-01 00:00+00'::timestamptz::text", "2024-01-01 00:00:00+00"),
        ("IntervalStyle", "postgres", "SELECT interval '1 day'::text", "P1D"),
        ("extra_float_digits", "-5", "SELECT 0.1::float8 + 0.2::float8", "0.30000000000000004"),
    ],
)
def test_values_are_spelled_alike_whatever_the_role_prefers(
    make: Make, connection: psycopg.Connection, setting: str, value: str, probe: str, answer: str
) -> None:
    name = connection.info.dbname
    connection.execute(f"ALTER DATABASE {name} SET {setting} = '{value}'")
    with make().borrowed() as one:
        cursor = one.execute(probe)
        assert cursor.pgresult is not None
        assert cursor.pgresult.get_value(0, 0) == answer.encode()
