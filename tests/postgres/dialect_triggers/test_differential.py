"""Triggers in both engines: the same statements must leave the same tables and raise the same messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import psycopg
import pytest

from support.twins import Twins


@dataclass(frozen=True)
class Case:
    tables: str
    triggers: tuple[str, ...]
    statements: tuple[str, ...]
    views: Mapping[str, str] = field(default_factory=dict)
    failures: int = 0
    """How many of the statements must fail, in both engines, with the same message."""


T = "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, n INTEGER);"
LOG = "CREATE TABLE log(what TEXT, x INTEGER, y TEXT);"
NUMBERED_LOG = "CREATE TABLE log(id INTEGER PRIMARY KEY, what TEXT, x INTEGER, y TEXT);"
COUNT = "CREATE TABLE counts(name TEXT PRIMARY KEY, n INTEGER NOT NULL DEFAULT 0);"
INSERTS = (
    "INSERT INTO t(a, n) VALUES ('one', 1), ('two', 2), ('three', 3)",
    "INSERT INTO t(a) VALUES (NULL)",
)
CHANGES = (
    *INSERTS,
    "UPDATE t SET n = n + 10 WHERE n > 1",
    "UPDATE t SET a = 'four' WHERE a IS NULL",
    "DELETE FROM t WHERE a = 'two'",
    "UPDATE t SET n = 5",
)
ORDERS = (
    "CREATE TABLE orders(id INTEGER PRIMARY KEY, total REAL DEFAULT 0);"
    "CREATE TABLE items(id INTEGER PRIMARY KEY, order_id INTEGER, price REAL, quantity INTEGER);"
)

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
    "raise where": Case(
        T,
        ("CREATE TRIGGER x BEFORE INSERT ON t BEGIN SELECT RAISE(ABORT, 'n is negative') WHERE new.n < 0; END",),
        (*INSERTS, "INSERT INTO t(n) VALUES (7), (-1), (8)", "INSERT INTO t(id, n) VALUES (9, 9)"),
        failures=1,
    ),
    "raise in when": Case(
        T,
        (
            "CREATE TRIGGER x BEFORE DELETE ON t WHEN old.n = 2 BEGIN SELECT RAISE(ABORT, '100% sure? it''s "
            "\\ not'); END",
        ),
        (*INSERTS, "DELETE FROM t WHERE n = 2", "DELETE FROM t WHERE n = 1"),
        failures=1,
    ),
    "raise in case": Case(
        T,
        (
            "CREATE TRIGGER x BEFORE UPDATE ON t BEGIN SELECT CASE WHEN new.n < old.n THEN RAISE(ABORT, 'shrinks') "
            "WHEN new.n > 100 THEN RAISE(ABORT, 'grows') END; END",
        ),
        (*INSERTS, "UPDATE t SET n = n + 1", "UPDATE t SET n = 0", "UPDATE t SET n = 1000"),
        failures=2,
    ),
    "raise where a case holds": Case(
        T,
        (
            "CREATE TRIGGER x BEFORE INSERT ON t BEGIN SELECT RAISE(ABORT, 'odd') WHERE CASE new.a WHEN 'x' THEN "
            "new.n % 2 ELSE 0 END; SELECT CASE WHEN CASE WHEN new.n > 5 THEN 1 END THEN RAISE(ABORT, 'large') "
            "WHEN CASE WHEN new.n = 4 THEN 1 END THEN RAISE(ABORT, 'four') END; END",
        ),
        (
            "INSERT INTO t(a, n) VALUES ('x', 2), ('y', 1)",
            *(f"INSERT INTO t(a, n) VALUES ('x', {n})" for n in (3, 6, 4)),
        ),
        failures=3,
    ),
    "raise in simple case": Case(
        T,
        (
            "CREATE TRIGGER x BEFORE INSERT ON t BEGIN SELECT CASE new.a WHEN 'bad' THEN RAISE(ABORT, 'bad') "
            "WHEN 'skip' THEN RAISE(IGNORE) ELSE 1 END; END",
        ),
        ("INSERT INTO t(id, a) VALUES (1, 'good'), (2, 'skip'), (3, 'fine')", "INSERT INTO t(a) VALUES ('bad')"),
        failures=1,
    ),
    "raise where a parent is missing": Case(
        ORDERS,
        (
            "CREATE TRIGGER x BEFORE INSERT ON items BEGIN SELECT CASE WHEN "
            "(SELECT id FROM orders WHERE id = new.order_id) IS NULL THEN RAISE(ABORT, 'no such order') END; END",
        ),
        (
            "INSERT INTO orders(id) VALUES (1)",
            "INSERT INTO items(order_id) VALUES (1)",
            "INSERT INTO items(order_id) VALUES (2)",
        ),
        failures=1,
    ),
    "raise over rows": Case(
        ORDERS,
        (
            "CREATE TRIGGER x BEFORE DELETE ON orders BEGIN "
            "SELECT RAISE(ABORT, 'order has items') FROM items WHERE order_id = old.id; END",
        ),
        (
            "INSERT INTO orders(id) VALUES (1), (2)",
            "INSERT INTO items(order_id) VALUES (1), (1)",
            "DELETE FROM orders WHERE id = 2",
            "DELETE FROM orders",
        ),
        failures=1,
    ),
    "raise over rows with cases": Case(
        ORDERS,
        (
            "CREATE TRIGGER x BEFORE DELETE ON orders BEGIN SELECT CASE WHEN price > 100 THEN RAISE(ABORT, "
            "'expensive') "
            "WHEN quantity > 5 THEN RAISE(ABORT, 'many') END FROM items WHERE order_id = old.id; END",
        ),
        (
            "INSERT INTO orders(id) VALUES (1), (2), (3)",
            "INSERT INTO items(order_id, price, quantity) VALUES (1, 500, 1), (2, 1, 10), (3, 1, 1)",
            "DELETE FROM orders WHERE id = 1",
            "DELETE FROM orders WHERE id = 2",
            "DELETE FROM orders WHERE id = 3",
        ),
        failures=2,
    ),
    "raise over an aggregate": Case(
        ORDERS,
        (
            "CREATE TRIGGER x BEFORE INSERT ON items BEGIN SELECT CASE WHEN count(*) >= 2 THEN "
            "RAISE(ABORT, 'order is full') END FROM items WHERE order_id = new.order_id; END",
        ),
        (
            "INSERT INTO items(order_id) VALUES (1)",
            "INSERT INTO items(order_id) VALUES (1)",
            "INSERT INTO items(order_id) VALUES (1)",
            "INSERT INTO items(id, order_id) VALUES (9, 2)",
        ),
        failures=1,
    ),
    "raise over groups": Case(
        ORDERS,
        (
            "CREATE TRIGGER x AFTER UPDATE ON orders BEGIN SELECT RAISE(ABORT, 'twice') FROM items "
            "WHERE order_id = new.id GROUP BY price HAVING count(*) > 1; END",
        ),
        (
            "INSERT INTO orders(id) VALUES (1), (2)",
            "INSERT INTO items(order_id, price) VALUES (1, 5), (1, 6), (2, 7), (2, 7)",
            "UPDATE orders SET total = 1 WHERE id = 1",
            "UPDATE orders SET total = 1 WHERE id = 2",
        ),
        failures=1,
    ),
    "raise through ifnull and iif": Case(
        T,
        (
            "CREATE TRIGGER x BEFORE INSERT ON t BEGIN SELECT ifnull(new.a, RAISE(ABORT, 'a is missing')); "
            "SELECT iif(new.n > 5, RAISE(ABORT, 'n is large'), 0); END",
        ),
        (
            "INSERT INTO t(a, n) VALUES ('x', 1)",
            "INSERT INTO t(n) VALUES (1)",
            "INSERT INTO t(a, n) VALUES ('y', 6)",
        ),
        failures=2,
    ),
    "raise fail and rollback": Case(
        T,
        (
            "CREATE TRIGGER x BEFORE INSERT ON t WHEN new.n < 0 BEGIN SELECT RAISE(FAIL, 'fails'); END",
            "CREATE TRIGGER y BEFORE DELETE ON t BEGIN SELECT RAISE(ROLLBACK, 'rolls back'); END",
        ),
        ("INSERT INTO t(n) VALUES (1)", "INSERT INTO t(n) VALUES (-1)", "DELETE FROM t"),
        failures=2,
    ),
    "ignore before insert": Case(
        T + LOG,
        (
            "CREATE TRIGGER x BEFORE INSERT ON t BEGIN INSERT INTO log(x) VALUES (new.n); "
            "SELECT RAISE(IGNORE) WHERE new.n = 2; INSERT INTO log(x) VALUES (new.n * 10); END",
        ),
        ("INSERT INTO t(id, n) VALUES (1, 1), (2, 2), (3, 3)",),
    ),
    "ignore before update and delete": Case(
        T,
        (
            "CREATE TRIGGER u BEFORE UPDATE ON t WHEN old.n = 1 BEGIN SELECT RAISE(IGNORE); END",
            "CREATE TRIGGER d BEFORE DELETE ON t WHEN old.n = 2 BEGIN SELECT RAISE(IGNORE); END",
        ),
        (*INSERTS, "UPDATE t SET a = 'new'", "DELETE FROM t"),
    ),
    "ignore after insert": Case(
        T + LOG,
        (
            "CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT INTO log(x) VALUES (new.n); "
            "SELECT RAISE(IGNORE) WHERE new.n = 2; INSERT INTO log(x) VALUES (new.n * 10); END",
        ),
        ("INSERT INTO t(id, n) VALUES (1, 1), (2, 2), (3, 3)",),
    ),
    "ignore inside another trigger": Case(
        T + LOG,
        (
            "CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT INTO log(x) VALUES (new.n); "
            "INSERT INTO log(x) VALUES (-new.n); END",
            "CREATE TRIGGER y BEFORE INSERT ON log WHEN new.x = 2 BEGIN SELECT RAISE(IGNORE); END",
        ),
        ("INSERT INTO t(id, n) VALUES (1, 1), (2, 2), (3, 3)",),
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
    "case in the body": Case(
        T + LOG,
        (
            "CREATE TRIGGER x AFTER UPDATE ON t BEGIN INSERT INTO log(what, x) VALUES "
            "(CASE WHEN new.n > old.n THEN 'up' WHEN new.n < old.n THEN 'down' ELSE 'same' END, "
            "CASE new.n WHEN 5 THEN CASE WHEN old.n IS NULL THEN 0 ELSE 1 END ELSE 2 END); END",
        ),
        CHANGES,
    ),
    "odd names": Case(
        'CREATE TABLE "my table"("the id" INTEGER PRIMARY KEY, "select" TEXT, [a""b] INTEGER);'
        'CREATE TABLE "LOG"("Group" TEXT);',
        (
            'CREATE TRIGGER "on ""my"" table" AFTER INSERT ON "my table" WHEN new."select" IS NOT NULL BEGIN '
            'INSERT INTO "log"("GROUP") VALUES (new."select" || new.[the id]); END',
        ),
        ("INSERT INTO [my table](`select`) VALUES ('x'), (NULL), ('y')",),
    ),
    "keywords as names": Case(
        "CREATE TABLE event(begin INTEGER, end INTEGER, key TEXT);" + LOG,
        (
            "CREATE TRIGGER after AFTER UPDATE OF end ON event WHEN new.begin BEGIN "
            "SELECT CASE WHEN new.end < new.begin THEN RAISE(ABORT, 'ends too early') END; "
            "UPDATE event SET key = CASE WHEN end > 5 THEN 'late' ELSE key END WHERE begin = new.begin; END",
        ),
        (
            "INSERT INTO event VALUES (1, 2, 'a'), (3, 4, 'b')",
            "UPDATE event SET end = 9 WHERE begin = 1",
            "UPDATE event SET end = 0 WHERE begin = 3",
        ),
        failures=1,
    ),
    "a column named like a variable of plpgsql": Case(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, found INTEGER, sqlstate TEXT, tg_op TEXT);",
        (
            "CREATE TRIGGER x AFTER INSERT ON t BEGIN UPDATE t SET found = found + 1, tg_op = sqlstate "
            "WHERE found = 1 AND id = new.id; END",
        ),
        ("INSERT INTO t(found, sqlstate) VALUES (1, 'a'), (2, 'b')",),
    ),
    "names without regard to case": Case(
        "CREATE TABLE Users(Id INTEGER PRIMARY KEY, Name TEXT);" + LOG,
        (
            "CREATE TRIGGER Trg AFTER UPDATE OF NAME ON USERS BEGIN INSERT INTO LOG(WHAT, X) "
            "VALUES (OLD.name, New.ID); END",
        ),
        ("INSERT INTO users(name) VALUES ('a')", "UPDATE users SET name = 'b'"),
    ),
    "insert select": Case(
        T + LOG,
        (
            "CREATE TRIGGER x AFTER DELETE ON t BEGIN INSERT INTO log(what, x) SELECT a, n FROM t WHERE n > "
            "old.n; END",
        ),
        (*INSERTS, "DELETE FROM t WHERE n = 1"),
    ),
    "insert select of constants": Case(
        T + LOG,
        (
            "CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT INTO log(what, x) SELECT 'k', new.n WHERE "
            "new.n > 1; END",
        ),
        INSERTS,
    ),
    "insert of several rows": Case(
        T + LOG,
        (
            "CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT INTO log(what, x) VALUES ('p', new.n), ('m', "
            "-new.n); END",
        ),
        INSERTS,
    ),
    "explicit and automatic numbers": Case(
        T + NUMBERED_LOG,
        ("CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT INTO log(id, x) VALUES (NULL, new.n); END",),
        INSERTS,
    ),
    "correlated update": Case(
        ORDERS,
        (
            "CREATE TRIGGER x AFTER INSERT ON orders BEGIN UPDATE items SET price = (SELECT max(i.price) "
            "FROM items i "
            "WHERE i.order_id = items.order_id) WHERE order_id < new.id; END",
        ),
        (
            "INSERT INTO items(order_id, price) VALUES (1, 1.5), (1, 2.5), (2, 7), (9, 1)",
            "INSERT INTO orders(id) VALUES (5)",
        ),
    ),
    "update from": Case(
        ORDERS,
        (
            "CREATE TRIGGER x AFTER INSERT ON orders BEGIN UPDATE items SET price = o.total FROM orders AS o "
            "WHERE o.id = items.order_id AND o.id = new.id; END",
        ),
        (
            "INSERT INTO items(order_id, price) VALUES (1, 1.5), (1, 2.5), (2, 7)",
            "INSERT INTO orders VALUES (1, 0.25)",
            "INSERT INTO orders VALUES (2, 0.75)",
        ),
    ),
    "row values": Case(
        T + LOG,
        (
            "CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT INTO log(x) VALUES (new.n); "
            "UPDATE log SET (what, y) = (new.a, 'y') WHERE x = new.n; "
            "UPDATE log SET (what, y) = (SELECT a, a || a FROM t WHERE t.id = new.id) WHERE x = 2; END",
        ),
        INSERTS,
    ),
    "delete with a subquery": Case(
        T + LOG,
        (
            "CREATE TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM log WHERE x NOT IN (SELECT n FROM t WHERE "
            "n IS NOT NULL) "
            "OR y = new.a; END",
        ),
        ("INSERT INTO log(x, y) VALUES (1, 'p'), (2, 'two'), (9, 'q')", *INSERTS),
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
    "plain select is nothing": Case(
        T + LOG,
        (
            "CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; SELECT max(n) FROM t; "
            "INSERT INTO log(x) VALUES (new.n); END",
        ),
        INSERTS,
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
    "view with all three events": Case(
        ORDERS + "CREATE VIEW v AS SELECT o.id, o.total, i.id AS item, i.quantity FROM orders o "
        "JOIN items i ON i.order_id = o.id;",
        (
            "CREATE TRIGGER vi INSTEAD OF INSERT ON v BEGIN INSERT OR IGNORE INTO orders VALUES (new.id, "
            "new.total); "
            "INSERT INTO items(id, order_id, quantity) VALUES (new.item, new.id, new.quantity); END",
            "CREATE TRIGGER vu INSTEAD OF UPDATE ON v BEGIN UPDATE orders SET total = new.total WHERE id = old.id; "
            "UPDATE items SET quantity = new.quantity WHERE id = old.item; END",
            "CREATE TRIGGER vd INSTEAD OF DELETE ON v WHEN old.quantity < 100 BEGIN "
            "DELETE FROM items WHERE id = old.item; END",
        ),
        (
            "INSERT INTO v(id, total, item, quantity) VALUES (1, 5.5, 10, 2), (1, 5.5, 11, 3), (2, 1, 12, 500)",
            "UPDATE v SET quantity = quantity + 1, total = 7.5 WHERE item = 10",
            "DELETE FROM v WHERE quantity > 2",
        ),
        views={
            "v": "SELECT o.id, o.total, i.id AS item, i.quantity FROM app.orders o "
            "JOIN app.items i ON i.order_id = o.id"
        },
    ),
    "view that refuses": Case(
        T + "CREATE VIEW v AS SELECT id, n FROM t;",
        (
            "CREATE TRIGGER vi INSTEAD OF INSERT ON v BEGIN SELECT RAISE(ABORT, 'read only') WHERE new.n > 5; "
            "SELECT RAISE(IGNORE) WHERE new.n = 5; INSERT INTO t(n) VALUES (new.n); END",
        ),
        ("INSERT INTO v(n) VALUES (1), (5), (2)", "INSERT INTO v(n) VALUES (6)"),
        views={"v": "SELECT id, n FROM app.t"},
        failures=1,
    ),
    "view that writes itself once": Case(
        T + "CREATE VIEW v AS SELECT id, n FROM t;",
        (
            "CREATE TRIGGER vi INSTEAD OF INSERT ON v BEGIN INSERT INTO t(n) VALUES (new.n); "
            "INSERT INTO v(n) VALUES (new.n + 1); END",
        ),
        ("INSERT INTO v(n) VALUES (1)",),
        views={"v": "SELECT id, n FROM app.t"},
    ),
    "a backslash and a dollar": Case(
        T + LOG,
        ("CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT INTO log(what) VALUES ('a\\b $pgraduate$ %s'); END",),
        INSERTS,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_both_engines_end_alike(name: str, connection: psycopg.Connection) -> None:
    case = CASES[name]
    twins = Twins.create(connection, case.tables, case.views)
    for trigger in case.triggers:
        twins.trigger(trigger)
    failures = 0
    for statement in case.statements:
        lite, post = twins.run(statement)
        assert post == lite, statement
        failures += lite is not None
    lite_tables, post_tables = twins.contents()
    assert post_tables == lite_tables
    assert failures == case.failures
