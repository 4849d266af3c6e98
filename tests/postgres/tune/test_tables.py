"""Churn as the server counts it, and storage parameters given back exactly."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest

from pgraduate.tune.tables.altering import SetTableOptions, plan_options
from pgraduate.tune.tables.churn import Churn, read_churn
from pgraduate.tune.tables.formulas import propose

WORK = Churn("public", "t", 1000.0, 4500, 2000, 0, 300, 0, 0, (), 50.0, 0.2)


def _reloptions(connection: psycopg.Connection) -> list[str] | None:
    row = connection.execute("SELECT reloptions FROM pg_class WHERE oid = 't'::regclass").fetchone()
    assert row is not None
    found: list[str] | None = row[0]
    return found


def test_updates_are_counted_and_get_a_proposal(target: str) -> None:
    with psycopg.connect(target, autocommit=True) as connection:  # a session hands its counts over when it ends
        connection.execute("CREATE TABLE t (id int PRIMARY KEY, n int) WITH (autovacuum_enabled = off)")
        connection.execute("CREATE TABLE idle AS SELECT g FROM generate_series(1, 5000) AS g")
        connection.execute("INSERT INTO t SELECT g, 0 FROM generate_series(1, 2000) AS g")
        connection.execute("VACUUM (ANALYZE) t, idle")
        for _ in range(3):
            connection.execute("UPDATE t SET n = n + 1")
    with psycopg.connect(target, autocommit=True) as connection:
        tables, _ = read_churn(connection)
    found = {item.name: item for item in tables}
    assert (found["t"].updated, found["t"].rows) == (6000, 2000)
    assert [item.table for item in propose(tables)] == ["t"]


@pytest.mark.parametrize(
    "before",
    ["", "WITH (toast_tuple_target = 4000, autovacuum_enabled = off)"],
    ids=["nothing was set", "something was set"],
)
def test_undo_gives_the_parameters_back_exactly(connection: psycopg.Connection, before: str) -> None:
    connection.execute(f"CREATE TABLE t (id int) {before}".encode())
    original = _reloptions(connection)
    plan = plan_options(connection, propose([_with(connection)]))
    for _ in range(2):
        SetTableOptions().apply(connection, plan)
    assert SetTableOptions().check(connection, plan).holds
    assert "fillfactor=90" in (_reloptions(connection) or ())
    for _ in range(2):
        SetTableOptions().undo(connection, plan)
    assert _reloptions(connection) == original


def test_a_plan_that_was_edited_to_change_what_was_set_gives_the_old_order_back(
    connection: psycopg.Connection,
) -> None:
    connection.execute("CREATE TABLE t (id int) WITH (fillfactor = 70, toast_tuple_target = 4000)")
    original = _reloptions(connection)
    plan = plan_options(connection, propose([_with(connection)]))
    plan.facts["tables"][0]["set"]["fillfactor"] = "95"
    SetTableOptions().apply(connection, plan)
    assert _reloptions(connection) != original
    SetTableOptions().undo(connection, plan)
    assert _reloptions(connection) == original


def test_what_somebody_has_set_since_stays(connection: psycopg.Connection) -> None:
    connection.execute("CREATE TABLE t (id int)")
    plan = plan_options(connection, propose([_with(connection)]))
    SetTableOptions().apply(connection, plan)
    connection.execute("ALTER TABLE t SET (fillfactor = 50, toast_tuple_target = 4000)")
    SetTableOptions().undo(connection, plan)
    assert sorted(_reloptions(connection) or ()) == ["fillfactor=50", "toast_tuple_target=4000"]


def test_what_was_set_between_plan_and_apply_comes_back(connection: psycopg.Connection) -> None:
    connection.execute("CREATE TABLE t (id int)")
    proposals = propose([_with(connection)])
    connection.execute("ALTER TABLE t SET (fillfactor = 50)")
    plan = plan_options(connection, proposals)
    SetTableOptions().apply(connection, plan)
    SetTableOptions().undo(connection, plan)
    assert _reloptions(connection) == ["fillfactor=50"]


def test_a_table_that_was_dropped_since_is_no_hindrance_to_undo(connection: psycopg.Connection) -> None:
    connection.execute("CREATE TABLE t (id int)")
    plan = plan_options(connection, propose([_with(connection)]))
    SetTableOptions().apply(connection, plan)
    connection.execute("DROP TABLE t")
    SetTableOptions().undo(connection, plan)
    assert connection.execute("SELECT to_regclass('t')").fetchone() == (None,)


def _with(connection: psycopg.Connection) -> Churn:
    return replace(WORK, options=tuple(_reloptions(connection) or ()))
