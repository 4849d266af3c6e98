"""Every kind of finding, planted in a real server and found; a healthy server has none."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from pgraduate.cluster import Embedded, find_binaries
from pgraduate.health import CHECKS, Disk, Facts, Pool, SizePoint, Thresholds, gather, run_checks
from pgraduate.health.finding import HealthFinding

Plant = Callable[["Ground"], Facts]


class Ground:
    """Where something is planted: a connection, and more of them that stay open as long as the test."""

    def __init__(self, connection: psycopg.Connection, conninfo: str, open_until_end: ExitStack) -> None:
        self.connection = connection
        self._conninfo = conninfo
        self._open = open_until_end

    def sql(self, *statements: str) -> None:
        for statement in statements:
            self.connection.execute(statement.encode())

    def other(self, *statements: str) -> psycopg.Connection[Any]:
        """Another session, in a transaction of its own."""
        other = self._open.enter_context(psycopg.connect(self._conninfo))
        for statement in statements:
            other.execute(statement.encode())
        return other

    def background(self, connection: psycopg.Connection[Any], statement: str) -> None:
        """Have a statement wait in a thread that ends when its session does."""

        def wait() -> None:
            try:
                connection.execute(statement.encode())
            except psycopg.Error:
                return

        thread = threading.Thread(target=wait, daemon=True)
        thread.start()
        self._open.callback(lambda: thread.join(5))
        self._open.callback(connection.cancel)
        time.sleep(0.1)

    def facts(self, **limits: Any) -> Facts:
        return gather(self.connection, thresholds=Thresholds(**limits))

    def later(self, action: Callable[[], object]) -> None:
        self._open.callback(action)


@pytest.fixture
def ground(admin: psycopg.Connection, database: str) -> Iterator[Ground]:
    with ExitStack() as open_until_end:
        yield Ground(admin, database, open_until_end)


def _setting(ground: Ground, name: str, value: str) -> None:
    ground.later(lambda: _reset(ground, name))
    ground.sql(f"ALTER SYSTEM SET {name} = {value}", "SELECT pg_reload_conf()")
    for _ in range(100):
        row = ground.connection.execute("SELECT setting, pending_restart FROM pg_settings WHERE name = %s", (name,))
        if (shown := row.fetchone()) and (shown[0] == value or shown[1]):
            return
        time.sleep(0.02)


def _reset(ground: Ground, name: str) -> None:
    """Take a setting back, and wait until the server has read that: the tests behind this one share it.

    A server forgets a pending restart when the file names the value that runs, not when it names none any more.
    """
    question = "SELECT pending_restart, setting FROM pg_settings WHERE name = %s"
    pending, running = ground.connection.execute(question, (name,)).fetchone() or (False, "")
    if pending:
        ground.sql(f"ALTER SYSTEM SET {name} = {running}", "SELECT pg_reload_conf()")
        _wait_until_read(ground, name)
    ground.sql(f"ALTER SYSTEM RESET {name}", "SELECT pg_reload_conf()")
    _wait_until_read(ground, name)


def _wait_until_read(ground: Ground, name: str) -> None:
    question = "SELECT NOT pending_restart FROM pg_settings WHERE name = %s"
    for _ in range(250):
        with psycopg.connect(ground.connection.info.dsn, autocommit=True) as fresh:
            if fresh.execute(question, (name,)).fetchone() == (True,):
                return
        time.sleep(0.02)
    raise AssertionError(f"the server keeps a pending restart for {name}")


def setting_at_risk(ground: Ground) -> Facts:
    _setting(ground, "full_page_writes", "off")
    return ground.facts()


def restart_pending(ground: Ground) -> Facts:
    _setting(ground, "max_locks_per_transaction", "65")
    return ground.facts()


def wraparound_near(ground: Ground) -> Facts:
    ground.sql("CREATE TABLE t ()", *["SELECT txid_current()"] * 5)
    return ground.facts(wraparound_warning=3)


def prepared_transaction(ground: Ground) -> Facts:
    ground.sql("CREATE TABLE t (x int)")
    ground.other("INSERT INTO t VALUES (1)", "PREPARE TRANSACTION 'it''s'")
    ground.later(lambda: ground.sql("ROLLBACK PREPARED 'it''s'"))
    return ground.facts(prepared_transaction=0.0)


def held_back(ground: Ground) -> Facts:
    ground.other("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "SELECT 1")
    ground.sql(*["SELECT txid_current()"] * 5)
    return ground.facts(horizon_age=3)


def long_statement(ground: Ground) -> Facts:
    ground.background(ground.other(), "SELECT pg_sleep(20)")
    return ground.facts(long_query=0.01)


def long_transaction(ground: Ground) -> Facts:
    ground.background(ground.other("SELECT 1"), "SELECT pg_sleep(20)")
    return ground.facts(long_transaction=0.01)


def idle_in_transaction(ground: Ground) -> Facts:
    ground.other("SELECT 1")
    return ground.facts(idle_warning=0.0)


def lock_chain(ground: Ground) -> Facts:
    ground.sql("CREATE TABLE t (x int)")
    ground.other("LOCK TABLE t")
    ground.background(ground.other(), "SELECT * FROM t")
    return ground.facts(lock_warning=0.01)


def connections_run_out(ground: Ground) -> Facts:
    return ground.facts(connections_warning=0.01)


def pools_too_large(ground: Ground) -> Facts:
    return replace(ground.facts(), pool=Pool(5, 4))


def disk_fills(ground: Ground) -> Facts:
    return replace(ground.facts(), disk=Disk(total=1000, free=40))


def disk_full_soon(ground: Ground) -> Facts:
    facts = ground.facts()
    now = sum(row[0] for row in ground.connection.execute("SELECT pg_database_size(oid) FROM pg_database"))
    before = SizePoint(facts.now - timedelta(days=10), now - 10_000_000)
    return replace(facts, disk=Disk(total=10_000_000, free=9_000_000), history=(before,))


def archiving_fails(ground: Ground) -> Facts:
    _setting(ground, "archive_command", "false")
    ground.sql("CREATE TABLE t ()", "SELECT pg_switch_wal()")
    for _ in range(300):
        row = ground.connection.execute("SELECT failed_count FROM pg_stat_archiver").fetchone()
        if row is not None and row[0]:
            break
        time.sleep(0.02)
    return ground.facts()


def slot_keeps_wal(ground: Ground) -> Facts:
    ground.later(lambda: ground.sql("SELECT pg_drop_replication_slot('left')"))
    ground.sql("SELECT pg_create_physical_replication_slot('left', true)", "CREATE TABLE t AS SELECT 1 AS x")
    return ground.facts(slot_warning_bytes=1)


def slot_lost(ground: Ground) -> Facts:
    _setting(ground, "max_slot_wal_keep_size", "1")
    ground.later(lambda: ground.sql("SELECT pg_drop_replication_slot('lost')"))
    ground.sql("SELECT pg_create_physical_replication_slot('lost', true)")
    for _ in range(4):
        ground.sql("CREATE TABLE IF NOT EXISTS t ()", "INSERT INTO t DEFAULT VALUES", "SELECT pg_switch_wal()")
    ground.sql("CHECKPOINT")
    return ground.facts()


def replica_behind(ground: Ground) -> Facts:
    info = ground.connection.info
    directory = Path("/tmp") / f"pgh-receiver-{info.backend_pid}"
    directory.mkdir()
    receiver = subprocess.Popen(
        [
            find_binaries().program("pg_receivewal"),
            *(
                "-d",
                f"{ground._conninfo} application_name=behind",
                "-D",
                directory,
                "--no-loop",
                "--synchronous",
                "--status-interval=1",
            ),
        ],
        stderr=subprocess.DEVNULL,
    )

    def end() -> None:
        receiver.kill()
        receiver.wait()
        for file in directory.iterdir():
            file.unlink()
        directory.rmdir()

    ground.later(end)
    question = "SELECT count(*) FROM pg_stat_replication WHERE flush_lsn IS NOT NULL"
    for _ in range(500):
        if ground.connection.execute(question).fetchone() == (1,):
            break
        time.sleep(0.02)
    receiver.send_signal(signal.SIGSTOP)
    ground.sql("CREATE TABLE t AS SELECT g FROM generate_series(1, 10000) AS g")
    return ground.facts(replication_lag_bytes=10_000)


def checkpoints_too_frequent(ground: Ground) -> Facts:
    ground.sql("CHECKPOINT", "CHECKPOINT", "CHECKPOINT")
    for _ in range(100):
        if (
            ground.connection.execute("SELECT pg_stat_clear_snapshot()")
            and run_checks(ground.connection, ground.facts(), ["checkpoints"])[0].figures["checkpoints_requested"]
        ):
            break
        time.sleep(0.02)
    return ground.facts(checkpoints=1, checkpoints_requested=0.01)


def cache_hit_low(ground: Ground) -> Facts:
    ground.sql("CREATE TABLE t AS SELECT repeat('x', 900) AS x FROM generate_series(1, 100)")
    _flush(ground)
    return ground.facts(cache_reads=1, cache_notice=1.1)


def _rows(ground: Ground, count: int, options: str = "") -> None:
    ground.sql(
        f"CREATE TABLE t (id int PRIMARY KEY, word text NOT NULL) WITH (autovacuum_enabled = true {options})",
        f"INSERT INTO t SELECT g, 'word ' || g % 1000 FROM generate_series(1, {count}) AS g",
    )


def _flush(ground: Ground) -> None:
    """Have this session's counters seen: they are sent when it has been idle for a moment."""
    if ground.connection.info.server_version >= 150000:
        ground.sql("SELECT pg_stat_force_next_flush()")
    else:
        time.sleep(1)
    ground.sql("SELECT 1")


def autovacuum_off(ground: Ground) -> Facts:
    ground.sql("CREATE TABLE t (x int) WITH (autovacuum_enabled = off)")
    return ground.facts()


def dead_rows(ground: Ground) -> Facts:
    _rows(ground, 1000)
    ground.sql("DELETE FROM t WHERE id % 2 = 0")
    _flush(ground)
    return ground.facts(dead_rows=100)


def autovacuum_behind(ground: Ground) -> Facts:
    _rows(ground, 1000)
    ground.sql("DELETE FROM t WHERE id % 2 = 0")
    _flush(ground)
    return ground.facts(autovacuum_wait=0.0)


def statistics_missing(ground: Ground) -> Facts:
    ground.sql("CREATE TABLE t (x int)", "INSERT INTO t SELECT generate_series(1, 2000)")
    _flush(ground)
    return ground.facts()


def statistics_old(ground: Ground) -> Facts:
    _rows(ground, 1000)
    ground.sql("ANALYZE t", "UPDATE t SET word = word")
    _flush(ground)
    return ground.facts(autovacuum_wait=0.0)


def table_bloated(ground: Ground) -> Facts:
    _rows(ground, 20_000)
    ground.sql("DELETE FROM t WHERE id % 10 > 0 AND id < 19999", "VACUUM t")
    return ground.facts(bloat_bytes=100_000)


def table_bloated_by_estimate(ground: Ground) -> Facts:
    facts = table_bloated(ground)
    ground.sql("ANALYZE t")
    return replace(facts, extensions={})


def toast_bloated(ground: Ground) -> Facts:
    ground.sql(
        "CREATE TABLE t (id int, long text)",
        "ALTER TABLE t ALTER COLUMN long SET STORAGE EXTERNAL",
        "INSERT INTO t SELECT g, repeat('x', 4000) FROM generate_series(1, 500) AS g",
        "DELETE FROM t WHERE id % 10 > 0 AND id < 499",
        "VACUUM t",
    )
    return ground.facts(bloat_bytes=100_000)


def index_bloated(ground: Ground) -> Facts:
    _rows(ground, 20_000)
    ground.sql("DELETE FROM t WHERE id % 10 > 0", "VACUUM t")
    return ground.facts(bloat_bytes=65_536)


def deduplicated_index_bloated(ground: Ground) -> Facts:
    """An index of equal entries, for which no estimate from statistics holds."""
    _rows(ground, 60_000)
    ground.sql("CREATE INDEX words ON t (word)", "DELETE FROM t WHERE id % 10 > 0", "VACUUM t")
    ground.sql("ALTER TABLE t DROP CONSTRAINT t_pkey")
    return ground.facts(bloat_bytes=65_536)


def index_bloated_by_estimate(ground: Ground) -> Facts:
    facts = index_bloated(ground)
    ground.sql("ANALYZE t")
    return replace(facts, extensions={})


def index_invalid(ground: Ground) -> Facts:
    ground.sql("CREATE TABLE t (x int)", "INSERT INTO t VALUES (1), (1)")
    with pytest.raises(psycopg.errors.UniqueViolation):
        ground.sql("CREATE UNIQUE INDEX CONCURRENTLY broken ON t (x)")
    return ground.facts()


def constraint_not_valid(ground: Ground) -> Facts:
    ground.sql("CREATE TABLE t (x int)", "ALTER TABLE t ADD CONSTRAINT positive CHECK (x > 0) NOT VALID")
    return ground.facts()


def duplicate_index(ground: Ground) -> Facts:
    ground.sql("CREATE TABLE t (x int, y int)", "CREATE INDEX one ON t (x)", "CREATE INDEX two ON t (x)")
    return ground.facts()


def prefix_index(ground: Ground) -> Facts:
    ground.sql("CREATE TABLE t (x int, y int)", "CREATE INDEX one ON t (x, y)", "CREATE INDEX two ON t (x)")
    return ground.facts()


def index_unused(ground: Ground) -> Facts:
    ground.sql("CREATE TABLE t (x int)", "CREATE INDEX one ON t (x)")
    return ground.facts(unused_window=0.0, unused_bytes=0)


def foreign_key_without_index(ground: Ground) -> Facts:
    ground.sql("CREATE TABLE p (x int PRIMARY KEY)", "CREATE TABLE t (x int REFERENCES p)", "ANALYZE t")
    return ground.facts(foreign_key_rows=0)


def foreign_key_never_analyzed(ground: Ground) -> Facts:
    ground.sql(
        "CREATE TABLE p (x int PRIMARY KEY)",
        "INSERT INTO p VALUES (1)",
        "CREATE TABLE t (x int REFERENCES p) WITH (autovacuum_enabled = off)",
        "INSERT INTO t SELECT 1 FROM generate_series(1, 12000)",
    )
    _flush(ground)
    return ground.facts()


def key_near_its_end(ground: Ground) -> Facts:
    """Keys that an application counts up, a sequence's table and a child with its parent's keys beside them."""
    ground.sql(
        "CREATE TABLE t (id int PRIMARY KEY)",
        "INSERT INTO t SELECT g FROM generate_series(2000000001, 2000000200) AS g",
        "CREATE TABLE fed (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)",
        "CREATE SEQUENCE loose",
        "CREATE TABLE asks (id int PRIMARY KEY DEFAULT nextval('loose'))",
        "CREATE TABLE child (id int PRIMARY KEY REFERENCES t)",
        "INSERT INTO child SELECT id FROM t",
        "INSERT INTO asks VALUES (2147483647)",
        "ANALYZE",
    )
    return ground.facts()


def sequence_near_its_end(ground: Ground) -> Facts:
    ground.sql("CREATE TABLE t (x serial)", "ALTER SEQUENCE t_x_seq AS bigint")
    ground.sql("SELECT setval('t_x_seq', 2000000000)")
    return ground.facts()


def table_unlogged(ground: Ground) -> Facts:
    ground.sql("CREATE UNLOGGED TABLE t (x int)")
    return ground.facts()


def collation_changed(ground: Ground) -> Facts:
    known = ground.connection.execute("SELECT count(*) FROM pg_collation WHERE collprovider = 'i'").fetchone()
    if known == (0,):
        pytest.skip("this server was built without ICU: a collation with a version cannot be planted in it")
    ground.sql(
        "CREATE COLLATION german (provider = icu, locale = 'de')",
        "CREATE TABLE t (x text COLLATE german)",
        "CREATE INDEX one ON t (x)",
        "UPDATE pg_collation SET collversion = '0.0' WHERE collname = 'german'",
    )
    return ground.facts()


def extension_old(ground: Ground) -> Facts:
    ground.sql("DROP EXTENSION pgstattuple", "CREATE EXTENSION pgstattuple VERSION '1.4'")
    return ground.facts()


def index_damaged(ground: Ground) -> Facts:
    """An order that changes after the index was made, as a new library's collation does."""
    body = "CREATE OR REPLACE FUNCTION public.cmp(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT {} $$"
    operators = ("<", "<=", "=", ">=", ">")
    ground.sql(
        body.format("CASE WHEN $1 < $2 THEN -1 WHEN $1 > $2 THEN 1 ELSE 0 END"),
        "CREATE OPERATOR CLASS turning FOR TYPE int USING btree AS "
        + ", ".join(f"OPERATOR {place} {name} (int, int)" for place, name in enumerate(operators, 1))
        + ", FUNCTION 1 public.cmp(int, int)",
        "CREATE TABLE t (x int)",
        "INSERT INTO t SELECT generate_series(1, 100)",
        "CREATE INDEX turned ON t (x turning)",
        body.format("CASE WHEN $1 < $2 THEN 1 WHEN $1 > $2 THEN -1 ELSE 0 END"),
    )
    return ground.facts()


def deadlocks(ground: Ground) -> Facts:
    ground.sql("CREATE TABLE a ()", "CREATE TABLE b ()")
    one, two = ground.other("LOCK TABLE a"), ground.other("LOCK TABLE b")
    ground.background(one, "LOCK TABLE b")
    try:
        two.execute("LOCK TABLE a")
    except psycopg.errors.DeadlockDetected:
        two.rollback()
    two.close()
    time.sleep(0.1)
    return ground.facts()


def temporary_files(ground: Ground) -> Facts:
    ground.sql(
        "SET work_mem = '64kB'",
        "SELECT count(*) FROM (SELECT g FROM generate_series(1, 50000) AS g ORDER BY -g) AS s",
    )
    _flush(ground)
    return ground.facts(temp_bytes_per_day=1)


PLANTED: dict[Plant, tuple[str, str, str]] = {
    setting_at_risk: ("settings", "SETTING_AT_RISK", "setting full_page_writes"),
    restart_pending: ("settings", "RESTART_PENDING", "setting max_locks_per_transaction"),
    wraparound_near: ("wraparound", "WRAPAROUND_NEAR", "database planted"),
    prepared_transaction: ("horizon", "PREPARED_TRANSACTION_FORGOTTEN", "prepared transaction it's"),
    held_back: ("horizon", "VACUUM_HELD_BACK", "session "),
    long_statement: ("sessions", "LONG_STATEMENT", "session "),
    long_transaction: ("sessions", "LONG_TRANSACTION", "session "),
    idle_in_transaction: ("sessions", "IDLE_IN_TRANSACTION", "session "),
    lock_chain: ("lock_chains", "LOCK_CHAIN", "session "),
    connections_run_out: ("connections", "CONNECTIONS_RUN_OUT", "server"),
    pools_too_large: ("connections", "POOLS_TOO_LARGE", "server"),
    disk_fills: ("disk", "DISK_FILLS", "server's disk"),
    disk_full_soon: ("disk", "DISK_FULL_SOON", "server's disk"),
    archiving_fails: ("archiver", "ARCHIVING_FAILS", "server"),
    slot_keeps_wal: ("replication_slots", "SLOT_KEEPS_WAL", "replication slot left"),
    slot_lost: ("replication_slots", "SLOT_LOST", "replication slot lost"),
    replica_behind: ("replication", "REPLICA_BEHIND", "behind "),
    checkpoints_too_frequent: ("checkpoints", "CHECKPOINTS_TOO_FREQUENT", "server"),
    cache_hit_low: ("cache_hit", "CACHE_HIT_LOW", "database planted"),
    autovacuum_off: ("dead_rows", "AUTOVACUUM_OFF", '"public"."t"'),
    dead_rows: ("dead_rows", "DEAD_ROWS", '"public"."t"'),
    autovacuum_behind: ("dead_rows", "AUTOVACUUM_BEHIND", '"public"."t"'),
    statistics_missing: ("statistics", "STATISTICS_MISSING", '"public"."t"'),
    statistics_old: ("statistics", "STATISTICS_OLD", '"public"."t"'),
    table_bloated: ("table_bloat", "TABLE_BLOATED", '"public"."t"'),
    table_bloated_by_estimate: ("table_bloat", "TABLE_BLOATED", '"public"."t"'),
    toast_bloated: ("table_bloat", "TABLE_BLOATED", '"public"."t"'),
    index_bloated: ("index_bloat", "INDEX_BLOATED", '"public"."t_pkey"'),
    deduplicated_index_bloated: ("index_bloat", "INDEX_BLOATED", '"public"."words"'),
    index_bloated_by_estimate: ("index_bloat", "INDEX_BLOATED", '"public"."t_pkey"'),
    index_invalid: ("invalid_indexes", "INDEX_INVALID", '"public"."broken"'),
    constraint_not_valid: ("invalid_constraints", "CONSTRAINT_NOT_VALID", '"public"."t", constraint "positive"'),
    duplicate_index: ("duplicate_indexes", "INDEX_DUPLICATE", '"public"."two"'),
    prefix_index: ("duplicate_indexes", "INDEX_PREFIX", '"public"."two"'),
    index_unused: ("unused_indexes", "INDEX_UNUSED", '"public"."one"'),
    foreign_key_without_index: ("foreign_keys", "FOREIGN_KEY_WITHOUT_INDEX", '"public"."t", foreign key'),
    foreign_key_never_analyzed: ("foreign_keys", "FOREIGN_KEY_WITHOUT_INDEX", '"public"."t", foreign key'),
    sequence_near_its_end: ("sequences", "SEQUENCE_NEAR_ITS_END", '"public"."t_x_seq"'),
    key_near_its_end: ("counted_keys", "KEY_NEAR_ITS_END", '"public"."t"."id"'),
    table_unlogged: ("unlogged_tables", "TABLE_UNLOGGED", '"public"."t"'),
    collation_changed: ("collations", "COLLATION_CHANGED", 'collation "public"."german"'),
    extension_old: ("extensions", "EXTENSION_OLD", 'extension "pgstattuple"'),
    index_damaged: ("amcheck", "INDEX_DAMAGED", '"public"."turned"'),
    deadlocks: ("counters", "DEADLOCKS", "database planted"),
    temporary_files: ("counters", "TEMPORARY_FILES", "database planted"),
}


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_what_is_planted_is_found(plant: Plant, ground: Ground) -> None:
    check, code, where = PLANTED[plant]
    facts = plant(ground)
    (examination,) = run_checks(ground.connection, facts, [check])
    found = [item for item in examination.findings if item.code == code and item.where.startswith(where)]
    assert found, (examination, facts)
    assert examination.examined > 0
    assert not examination.skipped
    _require_whole(found[0])


def _require_whole(finding: HealthFinding) -> None:
    assert finding.what
    assert finding.why
    assert finding.risk
    assert finding.facts


def test_of_keys_only_those_that_count_up_alone_are_judged(ground: Ground) -> None:
    """Neither a key that a sequence feeds, nor a child's; keys that may be random are a notice, and a lock is told."""
    facts = key_near_its_end(ground)
    ground.sql("CREATE TABLE random (id int PRIMARY KEY)", "INSERT INTO random VALUES (5), (2147483640)")
    ground.sql("CREATE TABLE locked (id int PRIMARY KEY)", "ANALYZE random")
    ground.other("LOCK TABLE locked")
    (examination,) = run_checks(ground.connection, facts, ["counted_keys"])
    assert {item.where: item.severity.value for item in examination.findings} == {
        '"public"."t"."id"': "warning",
        '"public"."random"."id"': "notice",
    }
    assert examination.blind == ('"public"."locked": another session holds a lock on it',)


def test_every_check_finds_something_in_these_tests() -> None:
    assert {check.name for check in CHECKS} == {check for check, _, _ in PLANTED.values()}


def test_a_damaged_page_is_found(room_server: Embedded, admin: psycopg.Connection, database: str) -> None:
    admin.execute("CREATE TABLE t AS SELECT g FROM generate_series(1, 1000) AS g")
    path = admin.execute("SELECT pg_relation_filepath('t')").fetchone()
    admin.close()
    data = room_server.status().data
    assert path is not None
    assert data is not None
    room_server.stop()
    with (data / path[0]).open("r+b") as file:
        file.seek(4000)
        byte = file.read(1)
        file.seek(4000)
        file.write(bytes([byte[0] ^ 1]))
    room_server.start()
    with psycopg.connect(database, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.DataCorrupted):
            connection.execute("SELECT count(*) FROM t")
        for _ in range(100):
            (examination,) = run_checks(connection, gather(connection), ["counters"])
            if examination.findings:
                break
            time.sleep(0.05)
    assert [item.code for item in examination.findings] == ["PAGES_DAMAGED"]


def test_the_commands_of_the_findings_are_what_the_server_takes(ground: Ground) -> None:
    """Run those that mend, and find nothing afterwards."""
    index_bloated(ground)
    duplicate_index_tables = (
        "CREATE TABLE d (x int)", "CREATE INDEX one ON d (x)", "CREATE INDEX two ON d (x)",
        'CREATE TABLE "Odd ""name" (x int)', 'INSERT INTO "Odd ""name" VALUES (1)',
        'ALTER TABLE "Odd ""name" ADD CONSTRAINT "a b" CHECK (x > 0) NOT VALID',
    )  # fmt: skip
    ground.sql(*duplicate_index_tables)
    limits = Thresholds(bloat_bytes=65_536)
    names = ["index_bloat", "duplicate_indexes", "invalid_constraints"]
    found = [
        finding
        for item in run_checks(ground.connection, gather(ground.connection, thresholds=limits), names)
        for finding in item.findings
    ]
    assert len(found) == 3
    for finding in found:
        ground.sql(finding.command)
    after = run_checks(ground.connection, gather(ground.connection, thresholds=limits), names)
    assert not [finding for item in after for finding in item.findings]


def test_a_healthy_server_has_no_findings(admin: psycopg.Connection) -> None:
    admin.execute("SELECT pg_stat_reset_shared('bgwriter')")  # other tests' databases made checkpoints
    if admin.info.server_version >= 170000:
        admin.execute("SELECT pg_stat_reset_shared('checkpointer')")
    admin.execute("CREATE TABLE parent (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text)")
    admin.execute(
        "CREATE TABLE child (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, parent_id int NOT NULL REFERENCES parent)"
    )
    admin.execute("CREATE INDEX ON child (parent_id)")
    admin.execute("INSERT INTO parent (name) SELECT 'name ' || g FROM generate_series(1, 5000) AS g")
    admin.execute("INSERT INTO child (parent_id) SELECT id FROM parent")
    admin.execute("VACUUM (ANALYZE)")
    limits = Thresholds(bloat_bytes=65_536, foreign_key_rows=0, unused_window=0.0)
    facts = replace(
        gather(admin, thresholds=limits, pool=Pool(2, 1)), disk=Disk(total=1_000_000_000, free=900_000_000)
    )
    examinations = run_checks(admin, facts, on_demand=True)
    assert [finding for item in examinations for finding in item.findings] == []
    assert [item.check for item in examinations if item.skipped] == []


def test_a_plain_role_is_told_what_it_could_not_see(admin: psycopg.Connection, database: str) -> None:
    admin.execute("CREATE ROLE plain")
    try:
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("SET ROLE plain")
            facts = gather(connection)
            examinations = {item.check: item for item in run_checks(connection, facts, on_demand=True)}
    finally:
        admin.execute("DROP ROLE plain")
    assert not facts.sees_all
    assert "may not call bt_index_check" in examinations["amcheck"].skipped
    assert any("pgstatindex" in text for text in examinations["index_bloat"].blind)
    assert any("hidden" in text for text in examinations["sessions"].blind)


def test_a_check_that_takes_too_long_is_not_a_healthy_one(admin: psycopg.Connection, database: str) -> None:
    admin.execute("CREATE TABLE t (x int PRIMARY KEY)")
    with psycopg.connect(database) as other:
        other.execute("LOCK TABLE t")
        (examination,) = run_checks(admin, gather(admin), ["amcheck"])
    assert examination.outcome == "not examined"
