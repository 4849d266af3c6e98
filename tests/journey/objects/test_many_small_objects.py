"""A schema of many objects and few rows: the work is one connection's, not one connection for each object."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
from support.fidelity import carry
from support.server import PrivateServer


def test_two_hundred_indexes_cost_no_connection_each(server: PrivateServer, target: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "app.db")) as source, source:
        for number in range(56):
            source.execute(f"CREATE TABLE t{number} (id INTEGER PRIMARY KEY, a, b, c, d)")
            for column in "abcd":
                source.execute(f"CREATE INDEX t{number}_{column} ON t{number} ({column})")
        source.executemany("INSERT INTO t0 VALUES (?, 1, 2, 3, 4)", [(number,) for number in range(25)])
    with psycopg.connect(server.superuser, autocommit=True) as counting:
        before = _sessions(counting, target)
        carried = carry(tmp_path / "app.db", target, tmp_path)
        used = _sessions(counting, target) - before
    assert (carried.verdict, carried.code) == ("equal", 0), carried.why
    with psycopg.connect(target) as connection:
        found = connection.execute("SELECT count(*) FROM pg_indexes WHERE schemaname = 'app'").fetchone()
    assert found == (224 + 56,)
    assert used <= 10


def _sessions(connection: psycopg.Connection, target: str) -> int:
    """Count the sessions that a database has ever seen, as far as the server's statistics have heard of them."""
    name = psycopg.conninfo.conninfo_to_dict(target)["dbname"]
    row = connection.execute("SELECT sessions FROM pg_stat_database WHERE datname = %s", (name,)).fetchone()
    return int(row[0]) if row else 0
