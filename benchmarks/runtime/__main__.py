"""What the runtime costs over plain psycopg: the client's processor time of one statement, in blocks that take turns."""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from pgraduate import dbapi

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "tests"))

from support.server import PrivateServer  # noqa: E402

CALLS = 4_000
ROUNDS = 5
BLOCK = 50
"""Calls of one side in a row: taken singly, each pays for waking a server process that the other side let fall asleep."""
SELECT = "SELECT id, name, price FROM item WHERE id = ?"
INSERT = "INSERT INTO item (name, price) VALUES (?, ?)"

Call = Callable[[int], object]


def main() -> int:
    result = measured(calls=int(os.environ.get("CALLS", CALLS)))
    print(json.dumps(result, indent=2))
    if "--check" not in sys.argv[1:]:
        (ROOT / "benchmarks" / "results").mkdir(exist_ok=True)
        (ROOT / "benchmarks" / "results" / "runtime.json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    return 0


def measured(*, calls: int) -> dict[str, object]:
    """Give the medians over the rounds of each round's median, in microseconds of the client's thread."""
    # One core for both: whether a call finds the server's process awake on another core is chance, and weighs 30 µs.
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with PrivateServer.start() as server, server.database() as conninfo, tempfile.TemporaryDirectory() as work:
        said = dict(word.split("=", 1) for word in conninfo.split())
        os.environ.update(
            DB_TYPE="postgresql",
            POSTGRES_HOST=said["host"],
            POSTGRES_DB=said["dbname"],
            POSTGRES_USER=said["user"],
        )
        db = dbapi.connect(Path(work) / "app.db", isolation_level=None)
        db.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, price REAL)")
        db.executemany(INSERT, [(f"n{number}", number / 2) for number in range(1000)])
        with psycopg.connect(conninfo, autocommit=True) as plain:
            row = plain.execute("SELECT schema_name FROM pgraduate.place").fetchone()
            assert row is not None
            table = f'"{row[0]}".item'
            version = plain.info.parameter_status("server_version")
            found = {
                name: _compared(plain, db, table, calls, in_transaction=name == "in_transaction")
                for name in ("autocommit", "in_transaction")
            }
        db.close()
        from pgraduate.dbapi.pool import close_pools

        close_pools()
    return {
        "calls": calls,
        "rounds": ROUNDS,
        "unit": "µs of the client's processor per statement, median",
        **found,
        "postgresql": version,
        "psycopg": psycopg.__version__,
        "python": platform.python_version(),
    }


def _compared(
    plain: psycopg.Connection, db: object, table: str, calls: int, *, in_transaction: bool
) -> dict[str, dict[str, float]]:
    cursor = psycopg.RawCursor(plain)
    select = f"SELECT id, name, price FROM {table} WHERE id = $1".encode()
    insert = f"INSERT INTO {table} (name, price) VALUES ($1, $2) RETURNING id".encode()

    def plain_select(number: int) -> object:
        return cursor.execute(select, (number,), prepare=True).fetchone()

    def plain_insert(number: int) -> object:
        return cursor.execute(insert, ("x", 0.5), prepare=True).fetchone()

    pairs: dict[str, tuple[Call, Call]] = {
        "select": (plain_select, lambda number: db.execute(SELECT, (number,)).fetchone()),  # type: ignore[attr-defined]
        "insert": (plain_insert, lambda number: db.execute(INSERT, ("x", 0.5))),  # type: ignore[attr-defined]
    }
    found = {}
    for name, (over_psycopg, over_runtime) in pairs.items():
        both = [_round(over_psycopg, over_runtime, plain, db, calls, in_transaction) for _ in range(ROUNDS + 1)][1:]
        first, second = (statistics.median(one[place] for one in both) for place in (0, 1))
        found[name] = {
            "psycopg": round(first, 1),
            "dbapi": round(second, 1),
            "over": round(statistics.median(one[1] - one[0] for one in both), 1),
        }
    return found


def _round(
    one: Call, two: Call, plain: psycopg.Connection, db: object, calls: int, in_transaction: bool
) -> tuple[float, float]:
    if in_transaction:
        # Inside IMMEDIATE the runtime holds its writing lock, as an application's transaction does.
        plain.execute("BEGIN")
        db.execute("BEGIN IMMEDIATE")  # type: ignore[attr-defined]
    taken: tuple[list[float], list[float]] = ([], [])
    for block in range(calls // BLOCK):
        for call, into in zip((one, two), taken, strict=True):
            before = time.thread_time_ns()
            for number in range(BLOCK):
                call((block * BLOCK + number) % 1000 + 1)
            into.append((time.thread_time_ns() - before) / BLOCK)
    if in_transaction:
        plain.execute("ROLLBACK")
        db.execute("ROLLBACK")  # type: ignore[attr-defined]
    return statistics.median(taken[0]) / 1000, statistics.median(taken[1]) / 1000


if __name__ == "__main__":
    sys.exit(main())
