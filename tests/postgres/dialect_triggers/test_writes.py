"""What bodies write: logs, counters, sums, search texts."""

from __future__ import annotations

import psycopg
import pytest
from support.trigger_cases import CHANGES, COUNT, INSERTS, LOG, NUMBERED_LOG, ORDERS, Case, T

CASES: dict[str, Case] = {
    "log of inserts": Case(
        T + LOG,
        (
            "CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT INTO log(what, x, y) VALUES ('insert', new.id, "
            "new.a); END",
        ),
        CHANGES,
    ),
    "log of old and new": Case(
        T + LOG,
        (
            "CREATE TRIGGER x AFTER UPDATE ON t BEGIN "
            "INSERT INTO log(what, x, y) VALUES (old.a || '>' || new.a, new.n - old.n, new.a); END",
        ),
        CHANGES,
    ),
    "log of deletes": Case(
        T + LOG,
        (
            "CREATE TRIGGER x BEFORE DELETE ON t BEGIN INSERT INTO log(what, x, y) VALUES ('gone', old.id, "
            "old.a); END",
        ),
        (*CHANGES, "DELETE FROM t"),
    ),
    "counters in an untyped column": Case(
        "CREATE TABLE Settings (key TEXT NOT NULL UNIQUE, value);"
        "CREATE TABLE Cache (rowid INTEGER PRIMARY KEY, key BLOB, raw INTEGER, size INTEGER DEFAULT 0);",
        (
            "CREATE TRIGGER IF NOT EXISTS Settings_count_insert AFTER INSERT ON Cache FOR EACH ROW BEGIN "
            'UPDATE Settings SET value = value + 1 WHERE key = "count"; END',
            "CREATE TRIGGER IF NOT EXISTS Settings_count_delete AFTER DELETE ON Cache FOR EACH ROW BEGIN "
            'UPDATE Settings SET value = value - 1 WHERE key = "count"; END',
            "CREATE TRIGGER IF NOT EXISTS Settings_size_update AFTER UPDATE ON Cache FOR EACH ROW BEGIN "
            'UPDATE Settings SET value = value + NEW.size - OLD.size WHERE key = "size"; END',
        ),
        (
            "INSERT INTO Settings VALUES ('count', 0), ('size', 1.5), ('name', 'x')",
            "INSERT INTO Cache(key, size) VALUES (x'01', 10), (x'02', 20)",
            "UPDATE Cache SET size = size * 3",
            "DELETE FROM Cache WHERE key = x'01'",
        ),
    ),
    "counts table with a subquery": Case(
        "CREATE TABLE dogs(id INTEGER PRIMARY KEY, name TEXT);"
        "CREATE TABLE [_counts]([table] TEXT PRIMARY KEY, count INTEGER DEFAULT 0);",
        tuple(
            f"CREATE TRIGGER [dogs_counts_{event}] AFTER {event} ON [dogs]\nBEGIN\n    INSERT OR REPLACE INTO [_counts]\n"
            f"    VALUES (\n        'dogs',\n        COALESCE(\n            (SELECT count FROM [_counts] WHERE "
            f"[table] = 'dogs'),\n        0) {sign} 1\n    );\nEND"
            for event, sign in (("insert", "+"), ("delete", "-"))
        ),
        ("INSERT INTO dogs(name) VALUES ('a'), ('b'), ('c')", "DELETE FROM dogs WHERE name > 'a'"),
    ),
    "all three events": Case(
        T + LOG,
        (
            "CREATE TRIGGER i AFTER INSERT ON t BEGIN INSERT INTO log(what, x) VALUES ('i', new.id); END",
            "CREATE TRIGGER u AFTER UPDATE ON t BEGIN INSERT INTO log(what, x) VALUES ('u', new.id); END",
            "CREATE TRIGGER d AFTER DELETE ON t BEGIN INSERT INTO log(what, x) VALUES ('d', old.id); END",
        ),
        CHANGES,
    ),
    "counter by arithmetic": Case(
        T + COUNT,
        (
            "CREATE TRIGGER i AFTER INSERT ON t BEGIN UPDATE counts SET n = n + 1 WHERE name = 't'; END",
            "CREATE TRIGGER d AFTER DELETE ON t BEGIN UPDATE counts SET n = n - 1 WHERE name = 't'; END",
        ),
        ("INSERT INTO counts VALUES ('t', 0)", *CHANGES),
    ),
    "counter by count(*)": Case(
        T + COUNT,
        ("CREATE TRIGGER i AFTER INSERT ON t BEGIN UPDATE counts SET n = (SELECT count(*) FROM t); END",),
        ("INSERT INTO counts VALUES ('t', 0)", *CHANGES),
    ),
    "totals recomputed": Case(
        ORDERS,
        tuple(
            f"CREATE TRIGGER {event[0]} AFTER {event} ON items BEGIN UPDATE orders SET total = "
            f"(SELECT coalesce(sum(price * quantity), 0.0) FROM items WHERE order_id = {row}.order_id) "
            f"WHERE id = {row}.order_id; END"
            for event, row in (("INSERT", "new"), ("UPDATE", "new"), ("DELETE", "old"))
        ),
        (
            "INSERT INTO orders(id) VALUES (1), (2)",
            "INSERT INTO items(order_id, price, quantity) VALUES (1, 2.5, 2), (1, 1.25, 4), (2, 9, 1)",
            "UPDATE items SET quantity = 3 WHERE price = 2.5",
            "DELETE FROM items WHERE order_id = 2",
        ),
    ),
    "totals by difference": Case(
        ORDERS,
        (
            "CREATE TRIGGER u AFTER UPDATE OF price, quantity ON items BEGIN UPDATE orders SET "
            "total = total - old.price * old.quantity + new.price * new.quantity WHERE id = new.order_id; END",
        ),
        (
            "INSERT INTO orders VALUES (1, 10.0)",
            "INSERT INTO items VALUES (1, 1, 5.0, 2)",
            "UPDATE items SET quantity = 7",
            "UPDATE items SET price = 0.5",
        ),
    ),
    "search text kept in a plain table": Case(
        T + "CREATE TABLE t_search(docid INTEGER PRIMARY KEY, body TEXT);",
        (
            "CREATE TRIGGER t_bu BEFORE UPDATE ON t BEGIN DELETE FROM t_search WHERE docid = old.rowid; END",
            "CREATE TRIGGER t_bd BEFORE DELETE ON t BEGIN DELETE FROM t_search WHERE docid = old.rowid; END",
            "CREATE TRIGGER t_au AFTER UPDATE ON t BEGIN INSERT INTO t_search(docid, body) "
            "VALUES (new.rowid, new.a); END",
            "CREATE TRIGGER t_ai AFTER INSERT ON t BEGIN INSERT INTO t_search(docid, body) "
            "VALUES (new.rowid, new.a); END",
        ),
        CHANGES,
    ),
    "several statements": Case(
        T + LOG + COUNT,
        (
            "CREATE TRIGGER x AFTER INSERT ON t BEGIN\n"
            "  -- first; the log\n  INSERT INTO log(what, x) VALUES ('a;b', new.n);\n"
            "  /* END; */ UPDATE log SET y = 'END' WHERE x = new.n;\n"
            "  INSERT OR IGNORE INTO counts VALUES (new.a, 0);\n"
            "  DELETE FROM counts WHERE name = 'two';\nEND",
        ),
        ("INSERT INTO t(a, n) VALUES ('one', 1), ('two', 2)",),
    ),
    "cascading cleanup": Case(
        ORDERS,
        ("CREATE TRIGGER x AFTER DELETE ON orders BEGIN DELETE FROM items WHERE order_id = old.id; END",),
        (
            "INSERT INTO orders(id) VALUES (1), (2)",
            "INSERT INTO items(order_id) VALUES (1), (1), (2)",
            "DELETE FROM orders WHERE id = 1",
        ),
    ),
    "cascading cleanup over two levels": Case(
        ORDERS + LOG,
        (
            "CREATE TRIGGER x BEFORE DELETE ON orders FOR EACH ROW BEGIN DELETE FROM items WHERE order_id = "
            "old.id; END",
            "CREATE TRIGGER y AFTER DELETE ON items BEGIN INSERT INTO log(x) VALUES (old.id); END",
        ),
        (
            "INSERT INTO orders(id) VALUES (1), (2)",
            "INSERT INTO items(id, order_id) VALUES (4, 1), (5, 1), (6, 2)",
            "DELETE FROM orders",
        ),
    ),
    "history capped": Case(
        T + NUMBERED_LOG,
        (
            "CREATE TRIGGER x AFTER UPDATE ON t BEGIN INSERT INTO log(what, x) VALUES (new.a, new.n); "
            "DELETE FROM log WHERE id <= (SELECT max(id) FROM log) - 2; END",
        ),
        ("INSERT INTO t(a, n) VALUES ('x', 0)", *[f"UPDATE t SET n = {n}" for n in range(1, 6)]),
    ),
    "one default at a time": Case(
        "CREATE TABLE addresses(id INTEGER PRIMARY KEY, person INTEGER, is_default BOOLEAN DEFAULT 0);",
        (
            "CREATE TRIGGER i BEFORE INSERT ON addresses WHEN new.is_default = 1 BEGIN "
            "UPDATE addresses SET is_default = 0 WHERE person = new.person; END",
            "CREATE TRIGGER u AFTER UPDATE OF is_default ON addresses WHEN new.is_default BEGIN "
            "UPDATE addresses SET is_default = 0 WHERE person = new.person AND id <> new.id; END",
        ),
        (
            "INSERT INTO addresses(person, is_default) VALUES (1, 1)",
            "INSERT INTO addresses(person) VALUES (1)",
            "INSERT INTO addresses(person, is_default) VALUES (1, 1)",
            "UPDATE addresses SET is_default = 1 WHERE id = 2",
        ),
    ),
    "default values of unlisted columns": Case(
        T
        + "CREATE TABLE d(id INTEGER PRIMARY KEY, a TEXT DEFAULT 'dd', n INTEGER DEFAULT 4, b BOOLEAN DEFAULT 1);",
        ("CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT INTO d(a) VALUES (new.a); END",),
        INSERTS,
    ),
    "updated by its primary key": Case(
        "CREATE TABLE p(code TEXT PRIMARY KEY, n INTEGER, changed INTEGER DEFAULT 0);",
        ("CREATE TRIGGER x AFTER UPDATE ON p BEGIN UPDATE p SET changed = changed + 1 WHERE code = new.code; END",),
        (
            "INSERT INTO p(code, n) VALUES ('a', 1), ('b', 2)",
            "UPDATE p SET n = n + 1",
            "UPDATE p SET n = 0 WHERE n = 3",
        ),
    ),
    "a backslash and a dollar": Case(
        T + LOG,
        ("CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT INTO log(what) VALUES ('a\\b $pgraduate$ %s'); END",),
        INSERTS,
    ),
    "plain select is nothing": Case(
        T + LOG,
        (
            "CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; SELECT max(n) FROM t; "
            "INSERT INTO log(x) VALUES (new.n); END",
        ),
        INSERTS,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_both_engines_end_alike(name: str, connection: psycopg.Connection) -> None:
    CASES[name].check(connection)
