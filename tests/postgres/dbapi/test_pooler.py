"""The pool behind PgBouncer in transaction mode, where each transaction may meet another session."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from support.chosen import choose_server
from support.pooler import pooler

from pgraduate import dbapi
from pgraduate.dbapi.engine import Engine
from pgraduate.dbapi.limits import Limits
from pgraduate.dbapi.pool import Pool, close_pools
from pgraduate.postgres.target import from_text


def test_transactions_of_many_threads_share_two_sessions(target: str, connection: psycopg.Connection) -> None:
    connection.execute(f"ALTER DATABASE {connection.info.dbname} SET TimeZone = 'Asia/Tokyo'")
    connection.execute("CREATE TABLE counted (id int PRIMARY KEY, n int)")
    connection.execute("INSERT INTO counted VALUES (1, 0)")
    with pooler(target, sessions=2) as through:
        pool = Pool(Engine("postgresql", from_text(through)), Limits(most=6))

        def work(_: int) -> None:
            with pool.borrowed() as one:
                one.execute("BEGIN")
                one.execute("SELECT n FROM counted WHERE id = %s FOR UPDATE", (1,))
                one.execute("UPDATE counted SET n = n + %s WHERE id = %s", (1, 1))
                one.execute("COMMIT")

        try:
            with ThreadPoolExecutor(6) as threads:
                list(threads.map(work, range(120)))
            assert pool.server.pooled
            assert "through a pooler" in str(pool.server)
            with pool.borrowed() as one:
                row = one.execute("SELECT n, '2024-01-01 00:00+00'::timestamptz::text FROM counted").fetchone()
            assert row == (120, "2024-01-01 00:00:00+00")
            assert pool.figures().lost == 0
        finally:
            pool.close()


@pytest.mark.parametrize(
    ("preparation", "setting"),
    [
        ("ALTER DATABASE {} SET bytea_output = 'escape'", "bytea_output"),
        ("CREATE TABLE waited (long interval)", "IntervalStyle"),
    ],
)
def test_a_setting_that_the_pooler_does_not_keep_is_said_at_the_first_contact(
    target: str, connection: psycopg.Connection, preparation: str, setting: str
) -> None:
    connection.execute(preparation.format(connection.info.dbname))
    with pooler(target, sessions=2) as through:
        pool = Pool(Engine("postgresql", from_text(through)), Limits())
        with pytest.raises(sqlite3.OperationalError, match=rf"another {setting} .*ALTER ROLE owner SET {setting}"):
            pool.take()
        pool.close()


def test_the_runtimes_transactions_hold_their_lock_behind_it(
    target: str, connection: psycopg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pooler(target, sessions=3) as through:
        choose_server(monkeypatch, through)
        db = dbapi.connect(tmp_path / "app.db")
        db.executescript("CREATE TABLE counter (n INTEGER); INSERT INTO counter VALUES (0)")

        def work(_: int) -> None:
            own = dbapi.connect(tmp_path / "app.db", isolation_level=None, check_same_thread=False)
            for _ in range(10):
                own.execute("BEGIN IMMEDIATE")
                (n,) = own.execute("SELECT n FROM counter").fetchone()
                own.execute("UPDATE counter SET n = ?", (n + 1,))
                own.execute("COMMIT")
            own.close()

        try:
            with ThreadPoolExecutor(4) as threads:
                list(threads.map(work, range(4)))
            assert db.execute("SELECT n FROM counter").fetchone() == (40,)
            left = connection.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").fetchone()
            assert left == (0,)
        finally:
            db.close()
            close_pools()
