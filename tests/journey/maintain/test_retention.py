"""`maintain retention` as a user calls it: killed at random beside writers, then asked where every row is."""

from __future__ import annotations

import csv
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from support.cli import environment, pgraduate
from support.soak import count, seed, tallied

from pgraduate.journey.retaining import restore_retained, run_retention
from pgraduate.maintain.retention.pace import Pace
from pgraduate.settings import load

ORDERS = count(1_000, 250_000)
LINES = 3 * ORDERS
BATCH = count(40, 2_000)
SHOP = f"""
CREATE SCHEMA shop;
CREATE TABLE shop.orders (id bigint PRIMARY KEY, placed timestamptz NOT NULL, note text NOT NULL);
CREATE INDEX ON shop.orders (placed);
CREATE TABLE shop.line (
    id bigint PRIMARY KEY, order_id bigint NOT NULL REFERENCES shop.orders ON DELETE CASCADE,
    note text NOT NULL, changes int NOT NULL DEFAULT 0);
CREATE INDEX ON shop.line (order_id);
INSERT INTO shop.orders
SELECT g, now() - (110 - 100.0 * g / {ORDERS}) * interval '1 day', md5(g::text) FROM generate_series(1, {ORDERS}) AS g;
INSERT INTO shop.line SELECT g, 1 + g % {ORDERS}, md5(g::text) FROM generate_series(1, {LINES}) AS g;
ANALYZE shop.orders, shop.line;
CREATE TABLE shop.written (kind text, id bigint);
"""
RULE = """[[maintain.retention]]
table = "shop.orders"
age = "placed"
keep = "20 days"
to = "{to}"
batch = {batch}
"""


class Writers:
    """Sessions that add lines to orders of any age, add orders, and change lines; `still` holds them for a moment."""

    def __init__(self, target: str, random_seed: int) -> None:
        self._target, self._stop, self._turn = target, threading.Event(), threading.Lock()
        self._threads = [
            threading.Thread(target=self._write, args=(random.Random(f"{random_seed}/{n}"), n)) for n in range(2)
        ]
        self.lost_races = 0

    @contextmanager
    def at_work(self) -> Iterator[Writers]:
        for thread in self._threads:
            thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join()

    def still(self) -> threading.Lock:
        return self._turn

    def _write(self, chance: random.Random, number: int) -> None:
        new = 10_000_000 * (number + 1)
        with psycopg.connect(self._target, autocommit=True) as connection:
            while not self._stop.is_set():
                new += 1
                with self._turn:
                    try:
                        self._once(connection, chance, new)
                    except psycopg.errors.ForeignKeyViolation:
                        self.lost_races += 1  # the order went before its line came
                time.sleep(0.0005)

    def _once(self, connection: psycopg.Connection, chance: random.Random, new: int) -> None:
        order = chance.randint(1, ORDERS)
        match chance.randrange(4):
            case 0:
                connection.execute(
                    "UPDATE shop.line SET changes = changes + 1 WHERE id = %s", (chance.randint(1, LINES),)
                )
            case 1:
                with connection.transaction():
                    connection.execute(
                        "INSERT INTO shop.orders VALUES (%s, now() - %s * interval '1 day', md5(%s::text))",
                        (new, chance.choice([0, 1, 40]), new),
                    )
                    connection.execute("INSERT INTO shop.written VALUES ('orders', %s)", (new,))
            case _:
                with connection.transaction():
                    connection.execute("INSERT INTO shop.line VALUES (%s, %s, md5(%s::text))", (new, order, new))
                    time.sleep(chance.random() * 0.002)
                    connection.execute("INSERT INTO shop.written VALUES ('line', %s)", (new,))


def _misplaced(connection: psycopg.Connection, project: Path) -> list[tuple[str, int, int]]:
    """Name every row that is not live or archived exactly once, and every archived one that is not as it was."""
    with connection.transaction():
        connection.execute("CREATE TEMP TABLE found (kind text, id bigint, sound bool) ON COMMIT DROP")
        for kind in ("orders", "line"):
            insert = f"INSERT INTO found SELECT '{kind}', id, note = md5(id::text) FROM"
            connection.execute(f"{insert} shop.{kind}".encode())
            if connection.execute(f"SELECT to_regclass('shop_archive.{kind}') IS NOT NULL".encode()).fetchone() == (
                True,
            ):
                connection.execute(f"{insert} shop_archive.{kind}".encode())
        known = connection.execute("SELECT to_regclass('pgraduate.retention_batch') IS NOT NULL").fetchone()
        if known == (True,):
            places = connection.execute(
                "SELECT table_name, place FROM pgraduate.retention_batch WHERE destination = 'csv' AND place IS NOT NULL"
            ).fetchall()
            with connection.cursor().copy("COPY found (kind, id) FROM STDIN") as copy:
                for kind, place in places:
                    with (project / place).open(newline="") as file:
                        for row in csv.DictReader(file):
                            copy.write_row((kind, row["id"]))
        return connection.execute(
            f"""
            SELECT kind, id, count(found)::int FROM (
                SELECT 'orders' AS kind, g AS id FROM generate_series(1, {ORDERS}) AS g
                UNION ALL SELECT 'line', g FROM generate_series(1, {LINES}) AS g
                UNION ALL SELECT kind, id FROM shop.written
            ) AS expected
            FULL JOIN found USING (kind, id)
            GROUP BY kind, id HAVING count(*) <> 1 OR count(found) <> 1 OR NOT bool_and(coalesce(sound, true)) LIMIT 5
            """.encode()
        ).fetchall()


def _batches(connection: psycopg.Connection) -> int:
    if connection.execute("SELECT to_regclass('pgraduate.retention_batch') IS NULL").fetchone() == (True,):
        return 0
    row = connection.execute("SELECT count(DISTINCT batch) FROM pgraduate.retention_batch").fetchone()
    assert row is not None
    return int(row[0])


def _run_until_killed(connection: psycopg.Connection, target: str, project: Path, chance: random.Random) -> bool:
    """Kill a run after a few of its batches, at any point of the next; False where it ended before."""
    wanted = _batches(connection) + chance.randint(1, 4)
    process = subprocess.Popen(
        [sys.executable, "-m", "pgraduate", "maintain", "retention", "run", "--to", target, "-q"],
        cwd=project,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and _batches(connection) < wanted:
        time.sleep(0.005)
    time.sleep(chance.random() * count(60, 600) / 1000)
    if process.poll() is not None:
        return False
    process.send_signal(signal.SIGKILL)
    process.wait()
    while connection.execute(
        "SELECT FROM pg_stat_activity WHERE application_name LIKE 'pgraduate/%' AND datname = current_database()"
    ).rowcount:
        time.sleep(0.02)
    return True


@pytest.mark.parametrize(("to", "kills"), [("archive", count(2, 12)), ("csv", count(3, 13))])
def test_every_row_is_live_or_archived_exactly_once(
    target: str, connection: psycopg.Connection, tmp_path: Path, to: str, kills: int
) -> None:
    number = seed(7)
    print(f"seed {number}, {ORDERS + LINES:,} rows, to {to}")
    connection.execute(SHOP)
    (tmp_path / "pgraduate.toml").write_text(RULE.format(to=to, batch=BATCH))
    chance, done = random.Random(f"{number}/{to}"), 0
    with (
        Writers(target, number).at_work() as writers,
        tallied("Rows of retention killed at a random moment, each live or archived once", number) as tally,
    ):
        for _ in range(kills):
            with tally.trying():
                done += _run_until_killed(connection, target, tmp_path, chance)
                with writers.still():
                    assert _misplaced(connection, tmp_path) == []
    assert done >= kills / 2, "too few of the runs were killed in their work"
    result = pgraduate("maintain", "retention", "run", "--to", target, "--json", cwd=tmp_path, timeout=1200)
    assert result.code == 0, result.err
    assert _misplaced(connection, tmp_path) == []
    cutoff = result.document["rules"][0]["cutoff"]
    live = connection.execute("SELECT count(*) FROM shop.orders WHERE placed < %s", (cutoff,)).fetchone()
    assert live == (0,)
    _restore_range(connection, target, tmp_path)
    print(f"{done} kills, {writers.lost_races} lines came after their order had gone")


def _restore_range(connection: psycopg.Connection, target: str, project: Path) -> None:
    """Bring a range back, have it go again, bring it back: each time the same rows; and every row is somewhere once."""
    row = connection.execute(
        "SELECT date_trunc('day', now() - interval '80 days'), date_trunc('day', now() - interval '50 days')"
    ).fetchone()
    assert row is not None
    low, high = row
    words = ["maintain", "retention", "restore", "--table", "shop.orders", "--to", target, "--json"]
    result = pgraduate(*words, "--from", f"{low:%Y-%m-%d}", "--until", f"{high:%Y-%m-%d}", cwd=project, timeout=600)
    assert result.code == 0, result.err
    assert result.document["tables"][0]["restored"] > ORDERS // 4
    settings = load(project, target=target, environment={})
    first = _contents(connection, low, high)
    again = restore_retained(settings, "shop.orders", low, high)
    assert sum(item["restored"] for item in again["tables"]) == 0
    assert _misplaced(connection, project) == []
    run_retention(settings, pace=lambda largest: Pace(largest, sleep=lambda _seconds: None))
    assert _contents(connection, low, high) == (None, None)
    assert _misplaced(connection, project) == []
    restore_retained(settings, "shop.orders", low, high)
    assert _contents(connection, low, high) == first
    assert _misplaced(connection, project) == []


def _contents(connection: psycopg.Connection, low: datetime, high: datetime) -> tuple[str | None, ...] | None:
    """Digest the orders of a range and their lines, value by value."""
    return connection.execute(
        "SELECT md5(string_agg(o::text, '' ORDER BY o.id)), (SELECT md5(string_agg(l::text, '' ORDER BY l.id))"
        " FROM shop.line AS l JOIN shop.orders AS p ON p.id = l.order_id WHERE p.placed >= %(low)s AND p.placed < %(high)s)"
        " FROM shop.orders AS o WHERE o.placed >= %(low)s AND o.placed < %(high)s",
        {"low": low, "high": high},
    ).fetchone()
