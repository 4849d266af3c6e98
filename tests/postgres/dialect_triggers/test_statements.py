"""The forms of INSERT, UPDATE and DELETE."""

from __future__ import annotations

import psycopg
import pytest
from support.trigger_cases import CHANGES, INSERTS, LOG, NUMBERED_LOG, ORDERS, Case, T

CASES: dict[str, Case] = {
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
    "case in the body": Case(
        T + LOG,
        (
            "CREATE TRIGGER x AFTER UPDATE ON t BEGIN INSERT INTO log(what, x) VALUES "
            "(CASE WHEN new.n > old.n THEN 'up' WHEN new.n < old.n THEN 'down' ELSE 'same' END, "
            "CASE new.n WHEN 5 THEN CASE WHEN old.n IS NULL THEN 0 ELSE 1 END ELSE 2 END); END",
        ),
        CHANGES,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_both_engines_end_alike(name: str, connection: psycopg.Connection) -> None:
    CASES[name].check(connection)
