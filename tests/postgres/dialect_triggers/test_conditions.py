"""When a trigger fires: UPDATE OF and WHEN."""

from __future__ import annotations

import psycopg
import pytest
from support.trigger_cases import CHANGES, COUNT, INSERTS, LOG, Case, T

CASES: dict[str, Case] = {
    "update of a column": Case(
        T + LOG,
        ("CREATE TRIGGER x AFTER UPDATE OF n ON t BEGIN INSERT INTO log(what, x) VALUES ('n', new.n); END",),
        CHANGES,
    ),
    "update of columns that keep their value": Case(
        T + LOG,
        ("CREATE TRIGGER x AFTER UPDATE OF a, n ON t BEGIN INSERT INTO log(what, x) VALUES ('same', new.n); END",),
        (*INSERTS, "UPDATE t SET n = n", "UPDATE t SET id = id"),
    ),
    "when over old and new": Case(
        T + LOG,
        ("CREATE TRIGGER x AFTER UPDATE ON t WHEN old.n <> new.n BEGIN INSERT INTO log(x) VALUES (new.n); END",),
        CHANGES,
    ),
    "when with null": Case(
        T + LOG,
        ("CREATE TRIGGER x AFTER INSERT ON t WHEN new.n > 1 BEGIN INSERT INTO log(x) VALUES (new.id); END",),
        CHANGES,
    ),
    "when a number is the condition": Case(
        T + LOG,
        ("CREATE TRIGGER x AFTER INSERT ON t WHEN new.n BEGIN INSERT INTO log(x) VALUES (new.n); END",),
        ("INSERT INTO t(n) VALUES (0), (1), (NULL), (-1)",),
    ),
    "when not null": Case(
        T + LOG,
        (
            "CREATE TRIGGER x AFTER UPDATE ON t WHEN old.a IS NOT new.a BEGIN INSERT INTO log(y) VALUES "
            "(old.a); END",
        ),
        CHANGES,
    ),
    "when with a subquery": Case(
        T + LOG + COUNT,
        (
            "CREATE TRIGGER x AFTER INSERT ON t WHEN EXISTS (SELECT 1 FROM counts WHERE name = new.a) "
            "BEGIN INSERT INTO log(y) VALUES (new.a); END",
        ),
        ("INSERT INTO counts VALUES ('two', 1)", *INSERTS),
    ),
    "when with case": Case(
        T + LOG,
        (
            "CREATE TRIGGER x AFTER INSERT ON t WHEN CASE new.a WHEN 'one' THEN 0 WHEN 'two' THEN 1 END "
            "BEGIN INSERT INTO log(y) VALUES (new.a); END",
        ),
        INSERTS,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_both_engines_end_alike(name: str, connection: psycopg.Connection) -> None:
    CASES[name].check(connection)
