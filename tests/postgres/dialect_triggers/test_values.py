"""Values on their way into columns of richer types."""

from __future__ import annotations

import psycopg
import pytest
from support.trigger_cases import Case

CASES: dict[str, Case] = {
    "booleans in and out": Case(
        "CREATE TABLE f(id INTEGER PRIMARY KEY, done BOOLEAN, word YESNO, n INTEGER);"
        "CREATE TABLE g(done BOOLEAN, word YESNO, n INTEGER);",
        (
            "CREATE TRIGGER x AFTER INSERT ON f BEGIN INSERT INTO g VALUES (new.done, new.word, new.done); "
            "INSERT INTO g VALUES (new.n > 1, 'yes', new.done + 1); INSERT INTO g VALUES (1, new.word, 0); "
            "INSERT INTO g(done, word) VALUES (NOT new.done, CASE WHEN new.n = 2 THEN 'no' ELSE 'yes' END); "
            "INSERT INTO g(done) VALUES (new.n - 1); END",
        ),
        ("INSERT INTO f(done, word, n) VALUES (1, 'yes', 1), (0, 'no', 2), (NULL, NULL, NULL)",),
    ),
    "numbers in and out": Case(
        "CREATE TABLE f(id INTEGER PRIMARY KEY, r REAL, d DECIMAL, i INTEGER, t TEXT);"
        "CREATE TABLE g(r REAL, d DECIMAL, i INTEGER, t TEXT);",
        (
            "CREATE TRIGGER x AFTER INSERT ON f BEGIN INSERT INTO g VALUES (new.i, new.i, new.i, new.i); "
            "INSERT INTO g VALUES (new.r, new.r, 3.0, new.r); INSERT INTO g VALUES (new.d, new.d, new.r * "
            "2, new.d); "
            "INSERT INTO g VALUES ('12', '1.5', '7', 1.0); INSERT INTO g VALUES (new.t, new.t, new.t, new.t); END",
        ),
        (
            "INSERT INTO f(r, d, i, t) VALUES (1.5, 2.25, 3, '4'), (0.5, 7, -1, '12')",
            "INSERT INTO f(r) VALUES (NULL)",
        ),
    ),
    "moments in and out": Case(
        "CREATE TABLE f(id INTEGER PRIMARY KEY, ts DATETIME, d DATE, e EPOCH INTEGER, u UUID TEXT, j JSON);"
        "CREATE TABLE g(ts DATETIME, d DATE, e EPOCH INTEGER, u UUID TEXT, j JSON, t TEXT);",
        (
            "CREATE TRIGGER x AFTER INSERT ON f BEGIN INSERT INTO g VALUES (new.ts, new.d, new.e, new.u, "
            "new.j, new.ts); "
            "INSERT INTO g VALUES ('2024-01-01 10:00:00', '2024-02-29', 86400, "
            "'6f9619ff-8b86-d011-b42d-00c04fc964ff', '[1,  2]', new.d); "
            "INSERT INTO g(ts, d, e, t) VALUES (datetime(new.ts, '+1 day'), date(new.ts), new.e + 60, new.u); END",
        ),
        (
            "INSERT INTO f(ts, d, e, u, j) VALUES ('2023-12-31 23:59:59', '2023-12-31', 1700000000, "
            "'123e4567-e89b-12d3-a456-426614174000', '{\"a\": 1}')",
        ),
    ),
    "untyped column": Case(
        "CREATE TABLE f(id INTEGER PRIMARY KEY, k TEXT, v); CREATE TABLE g(v);",
        (
            "CREATE TRIGGER x AFTER INSERT ON f BEGIN INSERT INTO g VALUES (new.v); INSERT INTO g VALUES ('word'); "
            "INSERT INTO g VALUES (12); END",
        ),
        ("INSERT INTO f(k, v) VALUES ('a', 'text'), ('b', 5)",),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_both_engines_end_alike(name: str, connection: psycopg.Connection) -> None:
    CASES[name].check(connection)
