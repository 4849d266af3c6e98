"""INSERT with OR and ON CONFLICT in bodies."""

from __future__ import annotations

import psycopg
import pytest
from support.trigger_cases import CHANGES, COUNT, INSERTS, Case, T

CASES: dict[str, Case] = {
    "counter by upsert": Case(
        T + COUNT,
        (
            "CREATE TRIGGER i AFTER INSERT ON t BEGIN INSERT INTO counts(name, n) VALUES (coalesce(new.a, '-'), 1) "
            "ON CONFLICT(name) DO UPDATE SET n = n + excluded.n; END",
        ),
        (*INSERTS, *INSERTS),
    ),
    "upsert that leaves rows alone": Case(
        T + COUNT,
        (
            "CREATE TRIGGER i AFTER INSERT ON t BEGIN INSERT INTO counts VALUES (coalesce(new.a, '-'), 1) "
            "ON CONFLICT(name) DO UPDATE SET n = excluded.n + 1 WHERE counts.n < 2; END",
        ),
        (*INSERTS, *INSERTS, *INSERTS),
    ),
    "upsert that does nothing": Case(
        T + COUNT,
        (
            "CREATE TRIGGER i AFTER INSERT ON t BEGIN INSERT INTO counts VALUES (coalesce(new.a, '-'), 7) "
            "ON CONFLICT DO NOTHING; END",
        ),
        (*INSERTS, *INSERTS),
    ),
    "insert or ignore": Case(
        T + COUNT,
        ("CREATE TRIGGER i AFTER INSERT ON t BEGIN INSERT OR IGNORE INTO counts VALUES ('t', 5); END",),
        INSERTS,
    ),
    "insert or ignore then update": Case(
        T + COUNT,
        (
            "CREATE TRIGGER i AFTER INSERT ON t BEGIN INSERT OR IGNORE INTO counts(name) VALUES (new.a); "
            "UPDATE counts SET n = n + 1 WHERE name IS new.a; END",
        ),
        ("INSERT INTO t(a) VALUES ('x'), ('y'), ('x'), ('x')",),
    ),
    "insert or replace on one key": Case(
        T + "CREATE TABLE last(name TEXT PRIMARY KEY, n INTEGER DEFAULT 9, at TEXT);",
        (
            "CREATE TRIGGER i AFTER INSERT ON t BEGIN INSERT OR REPLACE INTO last(name, at) VALUES ('t', "
            "new.a); END",
        ),
        ("INSERT INTO last VALUES ('t', 1, 'old'), ('u', 2, 'other')", *INSERTS),
    ),
    "replace into with every column": Case(
        T + "CREATE TABLE last(name TEXT PRIMARY KEY, n INTEGER);",
        ("CREATE TRIGGER i AFTER INSERT ON t BEGIN REPLACE INTO last VALUES ('t', new.n); END",),
        INSERTS,
    ),
    "replace on two keys": Case(
        T + "CREATE TABLE pairs(a TEXT UNIQUE, n INTEGER UNIQUE, note TEXT DEFAULT 'fresh');",
        ("CREATE TRIGGER i AFTER INSERT ON t BEGIN INSERT OR REPLACE INTO pairs(a, n) VALUES (new.a, new.n); END",),
        (
            "INSERT INTO pairs VALUES ('one', 2, 'p'), ('x', 3, 'q'), ('y', 4, 'r'), (NULL, NULL, 's')",
            *INSERTS,
        ),
    ),
    "replace on two keys from a query": Case(
        T + "CREATE TABLE pairs(a TEXT UNIQUE, n INTEGER UNIQUE, note TEXT DEFAULT 'fresh');",
        (
            "CREATE TRIGGER i AFTER DELETE ON t BEGIN "
            "INSERT OR REPLACE INTO pairs(n, a) SELECT n, a FROM t WHERE n IS NOT NULL; END",
        ),
        ("INSERT INTO pairs VALUES ('one', 2, 'p'), ('x', 3, 'q'), ('y', 4, 'r')", *CHANGES[:-1]),
    ),
    "replace gives a new number": Case(
        T + "CREATE TABLE kv(id INTEGER PRIMARY KEY, k TEXT UNIQUE, v INTEGER);",
        ("CREATE TRIGGER i AFTER INSERT ON t BEGIN INSERT OR REPLACE INTO kv(k, v) VALUES (new.a, new.n); END",),
        ("INSERT INTO t(a, n) VALUES ('p', 1)", "INSERT INTO t(a, n) VALUES ('q', 2)"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_both_engines_end_alike(name: str, connection: psycopg.Connection) -> None:
    CASES[name].check(connection)
