"""The partitioning plan, executed: the rows stay, new ones find their month, and only the right tables get a plan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from pgraduate.maintain.retention.family import read_family
from pgraduate.maintain.retention.partitions import PartitionPlan, plan_partitions
from pgraduate.model.retention import Unit

NOW = datetime.now(UTC)
NEXT = (NOW.replace(day=1) + timedelta(days=45)).replace(day=15)  # some day of the month after this one
KINDS = {
    "timestamptz": ("now() - g * interval '1 day'", f"'{NEXT:%Y-%m-%d}'", None),
    "timestamp": ("now() - g * interval '1 day'", f"'{NEXT:%Y-%m-%d}'", None),
    "date": ("current_date - g", f"'{NEXT:%Y-%m-%d}'", None),
    "bigint": (
        "extract(epoch FROM now())::bigint * 1000 - g",
        f"{int(NEXT.timestamp()) * 1000}",
        Unit.MILLISECONDS,
    ),
}


def _plan(connection: psycopg.Connection, unit: Unit | None, big: int = 1) -> PartitionPlan | None:
    connection.execute("ANALYZE shop.event")
    family = read_family(connection, "shop", "event", "at", unit)
    return plan_partitions(connection, family, now=NOW, big=big)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", ["PRIMARY KEY (id)", "PRIMARY KEY (at, id)", "UNIQUE (at, id)"])
def test_the_statements_do_what_they_say(owner: psycopg.Connection, kind: str, key: str) -> None:
    expression, later, unit = KINDS[kind]
    columns = f"id bigint GENERATED ALWAYS AS IDENTITY, at {kind}, body text DEFAULT 'x', {key}"
    owner.execute(f"CREATE TABLE shop.event ({columns})".encode())
    owner.execute(f"INSERT INTO shop.event (at) SELECT {expression} FROM generate_series(1, 50) AS g".encode())
    plan = _plan(owner, unit)
    assert plan is not None
    before = owner.execute("SELECT * FROM shop.event ORDER BY id").fetchall()
    for statement in plan.statements:
        owner.execute(statement.encode())
    assert owner.execute("SELECT * FROM shop.event ORDER BY id").fetchall() == before
    owner.execute(f"INSERT INTO shop.event (at) VALUES ({later})".encode())
    row = owner.execute(
        "SELECT id, body, tableoid::regclass::text FROM shop.event ORDER BY id DESC LIMIT 1"
    ).fetchone()
    assert row == (51, "x", f"shop.event_{NEXT:%Y_%m}")
    parts = owner.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = 'shop.event'::regclass").fetchone()
    assert parts == (4,)
    primary = owner.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'shop.event'::regclass AND contype = 'p'"
    ).fetchall()
    expected = {"PRIMARY KEY (id)": "PRIMARY KEY (id, at)", "PRIMARY KEY (at, id)": "PRIMARY KEY (at, id)"}
    assert [text for (text,) in primary] == ([expected[key]] if key in expected else [])


def test_a_small_or_changing_table_gets_no_plan(owner: psycopg.Connection) -> None:
    owner.execute("CREATE TABLE shop.event (id int, at date)")
    owner.execute("INSERT INTO shop.event SELECT g, current_date FROM generate_series(1, 50) AS g")
    assert _plan(owner, None, big=51) is None
    assert _plan(owner, None) is not None
    owner.execute("UPDATE shop.event SET id = 1")
    owner.execute(
        "SELECT pg_stat_force_next_flush()" if owner.info.server_version >= 150000 else "SELECT pg_sleep(1)"
    )
    owner.execute("SELECT 1")
    assert _plan(owner, None) is None


def test_an_age_that_is_a_text_gets_no_plan(owner: psycopg.Connection) -> None:
    owner.execute("CREATE TABLE shop.event (id int, at text)")
    owner.execute("INSERT INTO shop.event VALUES (1, '2026-01-01')")
    assert _plan(owner, None, big=1) is None
