"""The differences that findings announce are real: each is shown in both engines."""

from __future__ import annotations

import psycopg
import pytest
from support.twins import CreateTwins, Twins

T = "CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER);"
LOG = "CREATE TABLE log(x INTEGER);"
THREE = "INSERT INTO t(id, n) VALUES (1, 1), (2, 2), (3, 3)"


def found(twins: Twins) -> set[str]:
    return {finding.code for translation in twins.translations for finding in translation.findings}


def test_a_trigger_that_reads_its_table_sees_the_whole_statement(create_twins: CreateTwins) -> None:
    twins = create_twins(T + LOG)
    twins.trigger("CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT INTO log SELECT count(*) FROM t; END")
    twins.run(THREE)
    lite, post = twins.contents()
    assert (lite["log"], post["log"]) == ([(1,), (2,), (3,)], [(3,), (3,), (3,)])
    assert found(twins) == {"TRIGGER_READS_ITS_TABLE"}


def test_a_trigger_that_writes_other_rows_of_its_table_comes_after_the_statement(
    create_twins: CreateTwins,
) -> None:
    twins = create_twins(T)
    twins.run(THREE)
    twins.trigger("CREATE TRIGGER x AFTER UPDATE ON t BEGIN UPDATE t SET n = 0 WHERE id = new.id + 1; END")
    twins.run("UPDATE t SET n = n + 10")
    lite, post = twins.contents()
    assert (lite["t"], post["t"]) == ([(1, 11), (2, 10), (3, 10)], [(1, 11), (2, 0), (3, 0)])
    assert found(twins) == {"TRIGGER_WRITES_ITS_TABLE"}


def test_a_before_trigger_cannot_change_a_row_that_is_to_come(create_twins: CreateTwins) -> None:
    twins = create_twins(T)
    twins.run(THREE)
    twins.trigger("CREATE TRIGGER x BEFORE UPDATE ON t BEGIN UPDATE t SET n = 0 WHERE id = new.id + 1; END")
    with pytest.raises(psycopg.errors.TriggeredDataChangeViolation):
        twins.run("UPDATE t SET n = n + 10")
    assert found(twins) == {"TRIGGER_WRITES_ITS_TABLE"}


def test_a_before_trigger_cannot_lead_back_to_its_row(create_twins: CreateTwins) -> None:
    twins = create_twins(T + LOG)
    twins.run(THREE)
    twins.run("INSERT INTO log VALUES (1)")
    twins.trigger("CREATE TRIGGER x BEFORE DELETE ON t BEGIN DELETE FROM log WHERE x = old.id; END")
    twins.trigger("CREATE TRIGGER y AFTER DELETE ON log BEGIN UPDATE t SET n = n - 1 WHERE id = old.x; END")
    with pytest.raises(psycopg.errors.TriggeredDataChangeViolation):
        twins.run("DELETE FROM t WHERE id = 1")
    assert "BEFORE_TRIGGER_WRITES" in found(twins)


@pytest.mark.parametrize("deferred", [False, True])
def test_an_immediate_foreign_key_is_checked_before_the_trigger_that_satisfies_it(
    deferred: bool, connection: psycopg.Connection, create_twins: CreateTwins
) -> None:
    twins = create_twins(T + LOG)
    timing = "DEFERRABLE INITIALLY DEFERRED" if deferred else ""
    connection.execute(f"ALTER TABLE app.log ADD FOREIGN KEY (x) REFERENCES app.t (id) {timing}".encode())
    twins.run(THREE)
    twins.run("INSERT INTO log VALUES (1)")
    twins.trigger("CREATE TRIGGER x AFTER DELETE ON t BEGIN DELETE FROM log WHERE x = old.id; END")
    _, message = twins.run("DELETE FROM t WHERE id = 1")
    assert (message is None) is deferred
    assert found(twins) == {"FOREIGN_KEY_BEFORE_TRIGGER"}


def test_fail_takes_back_the_rows_before_it(create_twins: CreateTwins) -> None:
    twins = create_twins(T)
    twins.trigger("CREATE TRIGGER x BEFORE INSERT ON t WHEN new.n = 2 BEGIN SELECT RAISE(FAIL, 'no'); END")
    assert twins.run(THREE) == ("no", "no")
    lite, post = twins.contents()
    assert (lite["t"], post["t"]) == ([(1, 1)], [])
    assert found(twins) == {"RAISE_FAIL_ABORTS"}


def test_ignore_after_insert_ends_one_trigger_only(create_twins: CreateTwins) -> None:
    twins = create_twins(T + LOG)
    twins.trigger("CREATE TRIGGER b AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.n); END")
    twins.trigger("CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT RAISE(IGNORE) WHERE new.n = 2; END")
    twins.run(THREE)
    lite, post = twins.contents()
    assert (lite["log"], post["log"]) == ([(1,), (3,)], [(1,), (2,), (3,)])
    assert found(twins) == {"RAISE_IGNORE_ENDS_ONE_TRIGGER"}


def test_the_number_is_known_before_insert(create_twins: CreateTwins) -> None:
    twins = create_twins(T + LOG)
    twins.trigger("CREATE TRIGGER x BEFORE INSERT ON t BEGIN INSERT INTO log VALUES (new.id); END")
    twins.run("INSERT INTO t(n) VALUES (5)")
    lite, post = twins.contents()
    assert (lite["log"], post["log"]) == ([(-1,)], [(1,)])
    assert found(twins) == {"NUMBER_KNOWN_BEFORE_INSERT"}


def test_a_number_that_a_trigger_gives_is_not_known_to_the_sequence(create_twins: CreateTwins) -> None:
    twins = create_twins(T + LOG)
    twins.trigger("CREATE TRIGGER x AFTER INSERT ON log BEGIN INSERT INTO t(id) VALUES (new.x); END")
    twins.run("INSERT INTO log VALUES (1)")
    lite, post = twins.run("INSERT INTO t(n) VALUES (5)")
    assert lite is None
    assert post is not None
    assert found(twins) == {"NUMBER_GIVEN"}


@pytest.mark.parametrize("keys", [1, 2])
def test_replace_fires_the_triggers_of_what_it_became(keys: int, create_twins: CreateTwins) -> None:
    unique = ", UNIQUE (n)" if keys == 2 else ""
    twins = create_twins(f"CREATE TABLE u(k TEXT PRIMARY KEY, n INTEGER{unique});" + T + LOG)
    twins.trigger("CREATE TRIGGER i AFTER INSERT ON u BEGIN INSERT INTO log VALUES (1); END")
    twins.trigger("CREATE TRIGGER u AFTER UPDATE ON u BEGIN INSERT INTO log VALUES (2); END")
    twins.trigger("CREATE TRIGGER d AFTER DELETE ON u BEGIN INSERT INTO log VALUES (3); END")
    twins.trigger("CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT OR REPLACE INTO u VALUES ('k', new.n); END")
    twins.run(THREE)
    lite, post = twins.contents()
    assert lite["log"] == [(1,), (1,), (1,)]
    assert post["log"] == ([(1,), (2,), (2,)] if keys == 1 else [(1,), (1,), (1,), (3,), (3,)])
    assert "REPLACE_FIRES_OTHERWISE" in found(twins)


def test_or_ignore_passes_over_not_null(create_twins: CreateTwins) -> None:
    twins = create_twins("CREATE TABLE u(k TEXT PRIMARY KEY, n INTEGER NOT NULL);" + T)
    twins.trigger("CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT OR IGNORE INTO u VALUES ('k', new.n); END")
    assert twins.run("INSERT INTO t(n) VALUES (NULL)") == (None, None)
    lite, post = twins.contents()
    assert (lite["u"], post["u"]) == ([], [])
