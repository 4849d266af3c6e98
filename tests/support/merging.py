"""Pairs of files whose tables overlap and whose ids collide."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pgraduate.merge import Result, merge
from pgraduate.merge.reading import Reading, Settled
from pgraduate.model.merge import MergePart

SCHEMA = """
CREATE TABLE customer (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, referrer INTEGER REFERENCES customer (id));
CREATE TABLE product (id INTEGER PRIMARY KEY, title TEXT NOT NULL, price REAL);
CREATE TABLE purchase (
    customer_id INTEGER NOT NULL REFERENCES customer (id),
    product_id INTEGER NOT NULL REFERENCES product (id),
    line INTEGER NOT NULL,
    note TEXT,
    PRIMARY KEY (customer_id, product_id, line)
);
CREATE INDEX by_product ON purchase (product_id);
"""

REKEYED = {
    "merge_key:shop.customer(id)": "rekey",
    "merge_key:shop.product(id)": "rekey",
}

PAIRS = {
    "purchase and customer": "SELECT p.note, c.name FROM {}purchase p JOIN {}customer c ON c.id = p.customer_id",
    "purchase and product": "SELECT p.note, q.title FROM {}purchase p JOIN {}product q ON q.id = p.product_id",
    "customer and referrer": "SELECT c.name, r.name FROM {}customer c JOIN {}customer r ON r.id = c.referrer",
}
"""Every foreign-key join, by payloads that do not change."""


def make_branch(path: Path, name: str, *, rows: int = 20, seed: int = 0, start: int = 1) -> Path:
    """Make one branch's file: its ids begin at `start`, its texts name it."""
    chance = random.Random(f"{name} {seed}")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(SCHEMA)
        for id in range(start, start + rows):
            referrer = chance.choice([None, *range(start, id)]) if id > start else None
            connection.execute("INSERT INTO customer VALUES (?, ?, ?)", (id, f"{name} customer {id}", referrer))
            connection.execute("INSERT INTO product VALUES (?, ?, ?)", (id, f"{name} product {id}", id / 4))
        for line in range(3 * rows):
            customer, product = (chance.randrange(start, start + rows) for _ in range(2))
            connection.execute(
                "INSERT INTO purchase VALUES (?, ?, ?, ?)", (customer, product, line, f"{name} line {line}")
            )
        connection.execute("DELETE FROM customer WHERE id = ?", (start + rows + 5,))
    return path


def pairs_of(path: Path) -> dict[str, list[tuple[str, str]]]:
    with closing(sqlite3.connect(path)) as connection:
        return {name: sorted(connection.execute(query.format("", ""))) for name, query in PAIRS.items()}


def both(
    one: dict[str, list[tuple[str, str]]], other: dict[str, list[tuple[str, str]]]
) -> dict[str, list[tuple[str, str]]]:
    return {name: sorted([*one[name], *other[name]]) for name in PAIRS}


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def merge_files(directory: Path, one: Sequence[str], other: Sequence[str], answers: Mapping[str, str]) -> Result:
    """Make two files, a.db and b.db, and merge them into schema s."""
    parts = []
    for name, statements in (("a", one), ("b", other)):
        path = directory / f"{name}.db"
        with closing(sqlite3.connect(path)) as connection, connection:
            for statement in statements:
                connection.execute(statement)
        parts.append(MergePart(name, str(path), "", 0, str(path)))
    return merge(parts, directory / "merged", "s", answers=answers, references={})


def misread(monkeypatch: pytest.MonkeyPatch, table: str, column: str, planted: str) -> None:
    """Plant a bug: the second source's column reads as another expression over its row `x`."""
    expression = Reading.expression

    def read(self: Reading, settled: Settled, share: int, name: str) -> str:
        if (settled.name, name, share) == (table, column, 1):
            return planted
        return expression(self, settled, share, name)

    monkeypatch.setattr(Reading, "expression", read)
