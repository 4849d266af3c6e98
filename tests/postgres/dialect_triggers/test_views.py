"""INSTEAD OF triggers."""

from __future__ import annotations

import psycopg
import pytest
from support.trigger_cases import ORDERS, Case, T

CASES: dict[str, Case] = {
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
    "view over two tables, tied by the number of the new row": Case(
        "CREATE TABLE people(id INTEGER PRIMARY KEY, name TEXT);"
        "CREATE TABLE mails(id INTEGER PRIMARY KEY, person INTEGER, mail TEXT);"
        "CREATE TABLE log(person INTEGER, mail INTEGER);"
        "CREATE VIEW v AS SELECT name, mail FROM people JOIN mails ON person = people.id;",
        (
            "CREATE TRIGGER vi INSTEAD OF INSERT ON v BEGIN INSERT INTO people(name) VALUES (new.name); "
            "INSERT INTO mails(person, mail) VALUES (last_insert_rowid(), new.mail); "
            "INSERT INTO log SELECT person, last_insert_rowid() FROM mails WHERE id = Last_Insert_Rowid(); END",
            "CREATE TRIGGER pi AFTER INSERT ON people BEGIN INSERT INTO log VALUES (new.id, NULL); END",
        ),
        ("INSERT INTO v VALUES ('a', 'a@x'), ('b', 'b@x')", "INSERT INTO v(name) VALUES ('c')"),
        views={"v": "SELECT name, mail FROM app.people JOIN app.mails ON person = people.id"},
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
}


@pytest.mark.parametrize("name", CASES)
def test_both_engines_end_alike(name: str, connection: psycopg.Connection) -> None:
    CASES[name].check(connection)
