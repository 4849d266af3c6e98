"""Triggers that would fire themselves, each other, or from several places."""

from __future__ import annotations

import psycopg
import pytest
from support.trigger_cases import CHANGES, INSERTS, LOG, Case, T

CASES: dict[str, Case] = {
    "self update is not recursive": Case(
        T,
        ("CREATE TRIGGER x AFTER UPDATE ON t BEGIN UPDATE t SET n = n + 100 WHERE rowid = new.rowid; END",),
        CHANGES,
    ),
    "self insert is not recursive": Case(
        T,
        ("CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT INTO t(a, n) VALUES ('copy', new.n + 1); END",),
        ("INSERT INTO t(a, n) VALUES ('first', 1)", "INSERT INTO t(a, n) VALUES ('second', 5)"),
    ),
    "self delete is not recursive": Case(
        T,
        ("CREATE TRIGGER x AFTER DELETE ON t BEGIN DELETE FROM t WHERE n = old.n - 1; END",),
        ("INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3), (4, 'd', 4)", "DELETE FROM t WHERE n = 4"),
    ),
    "before triggers are not recursive": Case(
        T,
        (
            "CREATE TRIGGER i BEFORE INSERT ON t BEGIN INSERT INTO t(id, a, n) VALUES (new.n, 'made', 0); END",
            "CREATE TRIGGER u BEFORE UPDATE ON t WHEN new.n > 5 BEGIN UPDATE t SET n = n + 1 WHERE id <> new.id; END",
            "CREATE TRIGGER d BEFORE DELETE ON t BEGIN DELETE FROM t WHERE id = old.id + 1; END",
        ),
        (
            "INSERT INTO t(id, n) VALUES (1, 11), (2, 12)",
            "UPDATE t SET n = 6 WHERE id = 1",
            "DELETE FROM t WHERE id = 1",
        ),
    ),
    "two triggers calling each other": Case(
        T + "CREATE TABLE u(id INTEGER PRIMARY KEY, n INTEGER);",
        (
            "CREATE TRIGGER tu AFTER UPDATE ON t BEGIN UPDATE u SET n = n + 1 WHERE id = new.id; END",
            "CREATE TRIGGER ut AFTER UPDATE ON u BEGIN UPDATE t SET n = n + 1 WHERE id = new.id; END",
        ),
        (
            "INSERT INTO t VALUES (1, 'x', 0)",
            "INSERT INTO u VALUES (1, 0)",
            "UPDATE t SET a = 'y'",
            "UPDATE u SET n = 7",
        ),
    ),
    "three triggers in a ring": Case(
        T + "CREATE TABLE u(n INTEGER); CREATE TABLE v(n INTEGER);",
        (
            "CREATE TRIGGER tu AFTER INSERT ON t BEGIN INSERT INTO u VALUES (new.n); END",
            "CREATE TRIGGER uv AFTER INSERT ON u BEGIN INSERT INTO v VALUES (new.n + 1); END",
            "CREATE TRIGGER vt AFTER INSERT ON v BEGIN INSERT INTO t(n) VALUES (new.n + 1); END",
        ),
        ("INSERT INTO t(n) VALUES (1)", "INSERT INTO v VALUES (10)", "INSERT INTO u VALUES (20)"),
    ),
    "a trigger fired from two others": Case(
        T + LOG + "CREATE TABLE u(n INTEGER);",
        (
            "CREATE TRIGGER i AFTER INSERT ON t BEGIN INSERT INTO u VALUES (new.n); INSERT INTO u VALUES "
            "(new.n); END",
            "CREATE TRIGGER d AFTER DELETE ON t BEGIN INSERT INTO u VALUES (old.n); END",
            "CREATE TRIGGER ui AFTER INSERT ON u BEGIN INSERT INTO log(what, x) VALUES ('u', new.n); END",
        ),
        (*INSERTS, "DELETE FROM t WHERE n = 2"),
    ),
    "guard after a failure": Case(
        T + LOG,
        (
            "CREATE TRIGGER x AFTER UPDATE ON t BEGIN INSERT INTO log(what, x) VALUES ('u', new.n); "
            "SELECT RAISE(ABORT, 'too large') WHERE new.n > 10; END",
        ),
        (*INSERTS, "UPDATE t SET n = n + 1", "UPDATE t SET n = n * 5", "UPDATE t SET n = n + 2"),
        failures=1,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_both_engines_end_alike(name: str, connection: psycopg.Connection) -> None:
    CASES[name].check(connection)
