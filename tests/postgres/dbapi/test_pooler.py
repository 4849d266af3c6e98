"""The pool behind PgBouncer in transaction mode, where each transaction may meet another session."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from support.pooler import pooler

from pgraduate.dbapi.engine import Engine
from pgraduate.dbapi.limits import Limits
from pgraduate.dbapi.pool import Pool
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
