"""Small SQLite files that tests make for themselves."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

SHOP = """
CREATE TABLE customer (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    email TEXT NOT NULL UNIQUE,
    name VARCHAR(40) NOT NULL,
    active BOOLEAN NOT NULL DEFAULT 1,
    created DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE product (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    price REAL NOT NULL CHECK (price >= 0),
    picture BLOB
);
CREATE TABLE purchase (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    product_id INTEGER NOT NULL REFERENCES product,
    quantity INTEGER NOT NULL DEFAULT 1,
    note TEXT
);
CREATE INDEX purchase_customer ON purchase (customer_id, product_id DESC);
CREATE INDEX product_cheap ON product (title) WHERE price < 10;
CREATE VIEW spent AS
    SELECT c.name, count(*) AS purchases, sum(p.price * o.quantity) AS total
      FROM purchase o JOIN customer c ON c.id = o.customer_id JOIN product p ON p.id = o.product_id
     GROUP BY c.id, c.name;
CREATE TRIGGER purchase_note AFTER INSERT ON purchase WHEN new.note IS NULL
BEGIN
    UPDATE purchase SET note = 'none' WHERE id = new.id;
END;
"""


def make_shop(path: Path, *, purchases: int = 500) -> Path:
    """A shop with three tables, two indexes, a view and a trigger; every value is ordinary."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(SHOP)
        connection.executemany(
            "INSERT INTO customer (email, name, active, created) VALUES (?, ?, ?, ?)",
            [
                (f"c{n}@example.org", f"Customer {n}", n % 2, f"2024-01-{n % 28 + 1:02} 10:{n % 60:02}:00")
                for n in range(50)
            ],
        )
        connection.executemany(
            "INSERT INTO product (title, price, picture) VALUES (?, ?, ?)",
            [(f"Product {n} – ä", n + 0.25, bytes([n, 0, 255]) if n % 3 else None) for n in range(20)],
        )
        connection.executemany(
            "INSERT INTO purchase (customer_id, product_id, quantity, note) VALUES (?, ?, ?, ?)",
            [(n % 50 + 1, n % 20 + 1, n % 7 + 1, f"note {n}") for n in range(purchases)],
        )
    return path


def fingerprint(directory: Path) -> dict[str, str]:
    """What a directory holds, byte for byte, so that a test can tell whether anything touched it."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(directory.iterdir())
        if path.is_file()
    }
