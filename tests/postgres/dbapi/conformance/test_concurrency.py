"""Many connections at once: no update lost, no reader held up."""

from __future__ import annotations

import sqlite3
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from support.engines import Connect
from support.soak import count

THREADS = 8
INCREMENTS = count(25, full=500)
STATEMENTS = count(500, full=10_000)


@pytest.mark.parametrize("begin", ["BEGIN", "BEGIN IMMEDIATE"])
def test_no_increment_is_lost(connect: Connect, begin: str) -> None:
    db = connect()
    db.executescript("CREATE TABLE counter (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO counter VALUES (1, 0)")
    start = threading.Barrier(THREADS)

    def work(_: int) -> None:
        own = connect(isolation_level=None, check_same_thread=False)
        start.wait()
        for _ in range(INCREMENTS):
            while not _increment(own, begin):
                pass

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(work, range(THREADS)))
    assert db.execute("SELECT n FROM counter").fetchone() == (THREADS * INCREMENTS,)


def _increment(db: sqlite3.Connection, begin: str) -> bool:
    """Read, add one, write, commit; False where the database was locked and nothing happened."""
    try:
        db.execute(begin)
        (n,) = db.execute("SELECT n FROM counter WHERE id = 1").fetchone()
        db.execute("UPDATE counter SET n = ? WHERE id = 1", (n + 1,))
        db.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if str(error) != "database is locked":
            raise
        if db.in_transaction:
            db.execute("ROLLBACK")
        return False
    return True


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_no_lock_is_left_by_one_that_came_too_late(connect: Connect, db: sqlite3.Connection, shared: str) -> None:
    """With a patience of a millisecond many waits end just when their lock comes."""

    def work(_: int) -> None:
        own = connect(isolation_level=None, check_same_thread=False, timeout=0.001)
        for _ in range(INCREMENTS):
            try:
                own.execute("BEGIN IMMEDIATE")
                own.execute("UPDATE item SET price = 2 WHERE id = 1")
                own.execute("COMMIT")
            except sqlite3.OperationalError as error:
                if str(error) != "database is locked":
                    raise

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(work, range(THREADS)))
    with psycopg.connect(shared) as server:
        assert server.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").fetchone() == (0,)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_long_transaction_holds_no_reader_up(connect: Connect, db: sqlite3.Connection) -> None:
    """A reader beside a writer of many statements sees the last commit; how long it takes is printed, never judged.

    It reads a row by its key: a count would have to pass over the writer's rows, however few subtransactions there are.
    """
    reader, writer = connect(), connect(isolation_level=None)
    first = reader.execute("SELECT name FROM item WHERE id = 1").fetchone()

    def reads(times: int) -> list[float]:
        taken = []
        for _ in range(times):
            before = time.perf_counter()
            assert reader.execute("SELECT name FROM item WHERE id = 1").fetchone() == first
            taken.append(time.perf_counter() - before)
        return taken

    reads(20)
    alone = reads(200)
    writer.execute("BEGIN")
    beside = []
    for number in range(STATEMENTS):
        writer.execute("INSERT INTO item (name) VALUES (?)", (f"n{number}",))
        if number % (STATEMENTS // 100) == 0:
            beside += reads(2)
    assert reader.execute("SELECT count(*) FROM item").fetchone() == (3,)
    writer.execute("COMMIT")
    assert reader.execute("SELECT count(*) FROM item").fetchone() == (3 + STATEMENTS,)
    print(
        f"\nmedian of a read: {statistics.median(alone) * 1e6:.0f} µs alone, {statistics.median(beside) * 1e6:.0f} µs "
        f"beside a transaction of {STATEMENTS} statements"
    )


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_two_hundred_connections_at_start_share_the_pool(connect: Connect, db: sqlite3.Connection) -> None:
    start = threading.Barrier(200)

    def work(number: int) -> tuple[int]:
        start.wait()
        own = connect(check_same_thread=False)
        row: tuple[int] = own.execute("SELECT count(*) + ? FROM item", (number,)).fetchone()
        return row

    with ThreadPoolExecutor(200) as threads:
        assert sorted(threads.map(work, range(200))) == [(3 + number,) for number in range(200)]
