"""Upkeep on a real server: what is worn is renewed beside a writer, what is not is left alone, and nothing is claimed."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import datetime

import psycopg
import pytest
from psycopg import sql

from pgraduate.errors import Refused
from pgraduate.health import Disk, Thresholds
from pgraduate.journey import maintaining
from pgraduate.journey.maintaining import check_server, maintain_server
from pgraduate.maintain.upkeep import index_state
from pgraduate.settings import Settings

LIMITS = Thresholds(bloat_bytes=65_536, autovacuum_wait=0.0)


def _density(connection: psycopg.Connection, index: str) -> float:
    row = connection.execute("SELECT avg_leaf_density FROM pgstatindex(%s)", (index,)).fetchone()
    assert row is not None
    return float(row[0])


def _bloat(connection: psycopg.Connection, rows: int) -> None:
    """An index three times as large as its entries need, and a deduplicated one that is as it should be."""
    connection.execute("CREATE TABLE shop.item (id int PRIMARY KEY, kind int NOT NULL, place int NOT NULL)")
    connection.execute(f"INSERT INTO shop.item SELECT g, g % 5, g FROM generate_series(1, {rows}) AS g".encode())
    connection.execute("CREATE INDEX place ON shop.item (place)")
    connection.execute("DELETE FROM shop.item WHERE id % 10 > 2")
    connection.execute("VACUUM shop.item")
    connection.execute("CREATE INDEX kind ON shop.item (kind)")
    connection.execute("ANALYZE shop.item")


def test_a_bloated_index_is_rebuilt_beside_a_writer(project: Settings, owner: psycopg.Connection) -> None:
    _bloat(owner, 60_000)
    oid = owner.execute("SELECT 'shop.kind'::regclass::oid, pg_relation_filenode('shop.kind')").fetchone()
    before = index_state(owner, "shop.place")["bytes"]
    stop, waits = threading.Event(), [0.0]

    def write() -> None:
        with psycopg.connect(owner.info.dsn, autocommit=True) as writer:
            number = 1_000_000
            while not stop.is_set():
                number += 1
                began = time.monotonic()
                writer.execute("INSERT INTO shop.item VALUES (%s, 1, %s)", (number, number))
                waits.append(time.monotonic() - began)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        document = maintain_server(project, thresholds=LIMITS)
    finally:
        stop.set()
        thread.join()
    rebuilt = {item["subject"]: item for item in document["done"] if item["task"] == "reindex"}
    assert {item["outcome"] for item in rebuilt.values()} == {"done"}
    assert set(rebuilt) == {'"shop"."place"', '"shop"."item_pkey"'}
    assert document["exit_code"] == 0, document
    assert rebuilt['"shop"."place"']["bytes_after"] * 2 < before
    assert _density(owner, "shop.place") > 70
    assert owner.execute("SELECT 'shop.kind'::regclass::oid, pg_relation_filenode('shop.kind')").fetchone() == oid
    written = owner.execute("SELECT count(*) FROM shop.item WHERE id > 1000000").fetchone()
    assert written == (len(waits) - 1,)
    print(f"{len(waits)} writes beside the rebuild, the longest waited {max(waits) * 1000:.0f} ms")


def test_a_second_run_finds_nothing_to_do(project: Settings, owner: psycopg.Connection) -> None:
    _bloat(owner, 20_000)
    maintain_server(project, thresholds=LIMITS)
    document = maintain_server(project, thresholds=LIMITS)
    assert document["done"] == []
    assert document["exit_code"] == 0


def test_a_dry_run_changes_nothing(project: Settings, owner: psycopg.Connection) -> None:
    _bloat(owner, 20_000)
    before = index_state(owner, "shop.place")
    document = maintain_server(project, dry_run=True, thresholds=LIMITS)
    assert [item["task"] for item in document["planned"]].count("reindex") == 2
    assert index_state(owner, "shop.place") == before


def test_a_copy_that_a_failed_rebuild_left_is_removed(project: Settings, owner: psycopg.Connection) -> None:
    owner.execute("CREATE TABLE shop.item (id int)")
    owner.execute("CREATE INDEX place ON shop.item (id)")
    with psycopg.connect(owner.info.dsn) as other:
        other.execute("SELECT count(*) FROM shop.item")
        owner.execute("SET lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            owner.execute("REINDEX INDEX CONCURRENTLY shop.place")
        owner.execute("RESET lock_timeout")
    assert index_state(owner, "shop.place")["copies"] in (["place_ccnew"], ["place_ccold"])
    document = maintain_server(project, thresholds=LIMITS)
    assert [(item["task"], item["outcome"]) for item in document["done"]] == [("drop_copy", "done")]
    assert index_state(owner, "shop.place")["copies"] == []


def _fail_to_create(owner: psycopg.Connection, statement: str) -> None:
    """Have another transaction in the way, so that a CREATE or DROP INDEX CONCURRENTLY is given up half-way."""
    with psycopg.connect(owner.info.dsn) as other:
        other.execute("LOCK TABLE shop.item IN ROW EXCLUSIVE MODE")
        owner.execute("SET lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            owner.execute(statement.encode())
        owner.execute("RESET lock_timeout")


def test_an_index_that_a_failed_create_left_is_rebuilt(project: Settings, owner: psycopg.Connection) -> None:
    owner.execute("CREATE TABLE shop.item AS SELECT g AS id FROM generate_series(1, 2000) AS g")
    owner.execute("ANALYZE shop.item")
    _fail_to_create(owner, "CREATE UNIQUE INDEX CONCURRENTLY place ON shop.item (id)")
    assert not index_state(owner, "shop.place")["valid"]
    found = [item for item in check_server(project)["findings"] if item["code"] == "INDEX_INVALID"]
    assert [item["command"] for item in found] == ['REINDEX INDEX CONCURRENTLY "shop"."place";']
    document = maintain_server(project, thresholds=LIMITS)
    assert [(item["task"], item["outcome"]) for item in document["done"]] == [("reindex", "done")], document
    assert document["exit_code"] == 0
    assert index_state(owner, "shop.place")["valid"]
    assert index_state(owner, "shop.place")["copies"] == []


def test_an_index_that_cannot_be_built_is_not_called_done(project: Settings, owner: psycopg.Connection) -> None:
    """One whose rows are not unique, one whose keys are too long: each says why, and neither leaves a copy."""
    owner.execute("CREATE TABLE shop.item (id int, note text)")
    owner.execute("ALTER TABLE shop.item ALTER note SET STORAGE EXTERNAL")
    owner.execute("INSERT INTO shop.item VALUES (1, repeat('x', 3)), (1, repeat('y', 9000))")
    for statement in (
        "UNIQUE INDEX CONCURRENTLY twice ON shop.item (id)",
        "INDEX CONCURRENTLY long ON shop.item (note)",
    ):
        with pytest.raises(psycopg.Error, match=r"could not create unique|maximum size"):
            owner.execute(f"CREATE {statement}".encode())
    document = maintain_server(project, thresholds=LIMITS)
    done = {item["subject"]: (item["outcome"], item["why"]) for item in document["done"]}
    assert {outcome for outcome, _ in done.values()} == {"failed"}
    assert "not unique" in done['"shop"."twice"'][1]
    assert "maximum size" in done['"shop"."long"'][1]
    assert document["exit_code"] == 1
    for name in ("twice", "long"):
        assert index_state(owner, f"shop.{name}")["copies"] == []


def test_an_invalid_index_with_a_valid_twin_is_left_to_a_person(
    project: Settings, owner: psycopg.Connection
) -> None:
    owner.execute("CREATE TABLE shop.item (id int)")
    _fail_to_create(owner, "CREATE INDEX CONCURRENTLY one ON shop.item (id)")
    owner.execute("CREATE INDEX two ON shop.item (id)")
    document = maintain_server(project, thresholds=LIMITS)
    assert document["done"] == []
    (left,) = [item for item in document["left"] if item["where"] == '"shop"."one"']
    assert '"two" is the same index' in left["what"]
    assert 'DROP INDEX CONCURRENTLY "shop"."one"' in left["reason"]
    assert document["exit_code"] == 0
    assert not index_state(owner, "shop.one")["valid"]


def test_an_index_whose_drop_was_cut_off_is_dropped(project: Settings, owner: psycopg.Connection) -> None:
    """The drop's second wait, for a transaction that began when the index was no longer used, is cancelled."""
    owner.execute("CREATE TABLE shop.item (id int)")
    owner.execute("CREATE INDEX place ON shop.item (id)")
    dead = "SELECT FROM pg_index WHERE indexrelid = 'shop.place'::regclass AND NOT indislive"
    with (
        psycopg.connect(owner.info.dsn) as before,
        psycopg.connect(owner.info.dsn) as after,
        psycopg.connect(owner.info.dsn, autocommit=True) as dropper,
    ):
        before.execute("SELECT count(*) FROM shop.item")

        def drop() -> None:
            with pytest.raises(psycopg.errors.QueryCanceled):
                dropper.execute("DROP INDEX CONCURRENTLY shop.place")

        thread = threading.Thread(target=drop)
        thread.start()
        while index_state(owner, "shop.place")["valid"]:
            time.sleep(0.01)
        after.execute("SELECT count(*) FROM shop.item")
        before.rollback()
        while owner.execute(dead).fetchone() is None:
            time.sleep(0.01)
        dropper.cancel()
        thread.join()
    document = maintain_server(project, thresholds=LIMITS)
    assert [(item["task"], item["outcome"]) for item in document["done"]] == [("drop_copy", "done")]
    assert not index_state(owner, "shop.place")["present"]


def test_an_index_that_is_being_dropped_is_left_alone(project: Settings, owner: psycopg.Connection) -> None:
    owner.execute("CREATE TABLE shop.item (id int)")
    owner.execute("CREATE INDEX place ON shop.item (id)")
    with psycopg.connect(owner.info.dsn) as other, psycopg.connect(owner.info.dsn, autocommit=True) as dropper:
        other.execute("SELECT count(*) FROM shop.item")
        thread = threading.Thread(target=dropper.execute, args=("DROP INDEX CONCURRENTLY shop.place",))
        thread.start()
        try:
            while index_state(owner, "shop.place")["valid"]:
                time.sleep(0.01)
            document = maintain_server(project, dry_run=True, thresholds=LIMITS)
        finally:
            other.rollback()
            thread.join()
    assert document["planned"] == []


def test_dead_rows_are_vacuumed_and_statistics_made(project: Settings, owner: psycopg.Connection) -> None:
    owner.execute("CREATE TABLE shop.worn AS SELECT g AS id FROM generate_series(1, 2000) AS g")
    owner.execute("ANALYZE shop.worn")
    owner.execute("DELETE FROM shop.worn WHERE id % 2 = 0")
    owner.execute("CREATE TABLE shop.fresh AS SELECT g AS id FROM generate_series(1, 2000) AS g")
    owner.execute(
        "SELECT pg_stat_force_next_flush()" if owner.info.server_version >= 150000 else "SELECT pg_sleep(1)"
    )
    owner.execute("SELECT 1")
    document = maintain_server(project, thresholds=LIMITS)
    done = {(item["task"], item["subject"]): item["outcome"] for item in document["done"]}
    assert done == {("vacuum", '"shop"."worn"'): "done", ("analyze", '"shop"."fresh"'): "done"}
    row = owner.execute("SELECT reltuples FROM pg_class WHERE oid = 'shop.fresh'::regclass").fetchone()
    assert row == (2000,)


def test_a_task_that_fails_is_not_called_done(project: Settings, owner: psycopg.Connection) -> None:
    """A table that stays locked cannot be vacuumed; the other one is, and the exit code tells."""
    for name in ("one", "two"):
        table = sql.Identifier("shop", name)
        owner.execute(sql.SQL("CREATE TABLE {} AS SELECT g AS id FROM generate_series(1, 2000) AS g").format(table))
    owner.execute(
        "SELECT pg_stat_force_next_flush()" if owner.info.server_version >= 150000 else "SELECT pg_sleep(1)"
    )
    owner.execute("SELECT 1")
    with psycopg.connect(owner.info.dsn) as other:
        other.execute("LOCK TABLE shop.one IN SHARE UPDATE EXCLUSIVE MODE")
        document = maintain_server(project, thresholds=LIMITS)
    assert {item["subject"]: item["outcome"] for item in document["done"]} == {
        '"shop"."one"': "failed",
        '"shop"."two"': "done",
    }
    assert document["exit_code"] == 1


def test_without_enough_disk_nothing_is_rebuilt(
    project: Settings, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    _bloat(owner, 20_000)
    monkeypatch.setattr(maintaining, "_disk", lambda _session: Disk(10**9, 1000))
    document = maintain_server(project, thresholds=replace(LIMITS, disk_error=0.0))
    assert [item for item in document["done"] if item["task"] == "reindex"] == []
    assert any("bytes of disk" in item["reason"] for item in document["left"])
    assert document["exit_code"] == 3


def test_outside_the_window_nothing_is_begun(project: Settings) -> None:
    with pytest.raises(Refused, match="window"):
        maintain_server(project, window="22:00-05:30", clock=lambda: datetime(2026, 5, 5, 12, 0))


def test_when_the_window_closes_the_rest_is_left(project: Settings, owner: psycopg.Connection) -> None:
    _bloat(owner, 20_000)
    moments = iter([datetime(2026, 5, 5, 5, 29), *[datetime(2026, 5, 5, 5, 31)] * 9])
    document = maintain_server(project, window="22:00-05:30", clock=lambda: next(moments), thresholds=LIMITS)
    assert document["done"] == []
    assert all("closed" in item["reason"] for item in document["left"])
    assert document["exit_code"] == 3


def test_checks_leave_sizes_from_which_growth_is_told(project: Settings, owner: psycopg.Connection) -> None:
    first = check_server(project)
    second = check_server(project)
    assert first["run_id"] == second["run_id"]
    assert second["figures"]["databases_bytes"] > 0
    assert second["figures"]["growth_bytes_per_day"] is None  # less than a day lies between them
    owner.execute("SELECT 1")
