"""RAISE() in all its places."""

from __future__ import annotations

import psycopg
import pytest
from support.trigger_cases import INSERTS, LOG, ORDERS, Case, T

CASES: dict[str, Case] = {
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
}


@pytest.mark.parametrize("name", CASES)
def test_both_engines_end_alike(name: str, connection: psycopg.Connection) -> None:
    CASES[name].check(connection)
