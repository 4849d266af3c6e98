"""An assessment tells what a person must know before; with a target it measures, and leaves nothing there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support.cli import pgraduate
from support.dump import rows_of
from support.html_page import Page
from support.pgcatalog import snapshot

DIRTY = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, email TEXT UNIQUE, born DATE);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER REFERENCES customer, total INTEGER, note TEXT UNIQUE);
CREATE TRIGGER t AFTER INSERT ON orders BEGIN UPDATE customer SET email = email WHERE id = new.customer; END;
CREATE VIEW v AS SELECT count(*) AS n FROM orders;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25000)
INSERT INTO customer SELECT i, 'c' || i, date('2000-01-01', i || ' days') FROM n;
INSERT INTO orders VALUES (1, 1, 5, 'a' || char(0)), (2, 99999, 'five', hex(randomblob(4000))), (3, 1, x'05', NULL);
"""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(DIRTY)
    return path


def test_without_a_target_it_says_what_is_known_and_measures_nothing(app: Path, tmp_path: Path) -> None:
    result = pgraduate("assess", app, "--json", "--html", tmp_path / "page.html", cwd=tmp_path)
    assert result.code == 0, result.err
    assessed = result.document["sources"][0]["assessment"]
    assert [figure["value"] for figure in assessed["needs"].values() if isinstance(figure, dict)] == [None] * 3
    assert [point["where"] for point in assessed["widened"]] == ["orders.total"]
    assert [point["where"] for point in assessed["quarantined"]] == ["orders.note"]
    assert any("orders" in point["where"] and "2,704" in point["what"] for point in assessed["limits"])
    assert any("never enforced" in point["what"] for point in assessed["not_enforced"])
    assert assessed["effort"]["hours"]["value"] > 0
    page = (tmp_path / "page.html").read_text("utf-8")
    read = Page(page)
    assert "not measured" in read.text
    assert [
        tag for tag, attributes in read.tags if tag == "script" or "src" in attributes or "href" in attributes
    ] == []
    assert "url(" not in "".join(read.styles)
    text = pgraduate("assess", app, cwd=tmp_path).out
    assert "disk for tables and indexes: not measured" in text


def test_with_a_target_a_sample_is_measured_and_removed(app: Path, target: str, tmp_path: Path) -> None:
    before = snapshot(target), rows_of(target)
    result = pgraduate("assess", app, "--to", target, "--json", cwd=tmp_path)
    assert result.code == 0, result.err
    needs = result.document["sources"][0]["assessment"]["needs"]
    assert "20,003 of 25,003 rows" in needs["basis"]
    assert needs["disk"]["value"] > 500_000
    assert needs["seconds"]["value"] > 0
    assert needs["wal"]["value"] > 0
    assert (snapshot(target), rows_of(target)) == before


def test_one_of_each_is_named_in_the_singular(tmp_path: Path) -> None:
    path = tmp_path / "one.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript("""
            CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT, p REFERENCES nowhere);
            CREATE INDEX i ON t (s);
            CREATE VIEW v AS SELECT count(*) AS n FROM t;
            CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET s = s WHERE id = new.id; END;
            INSERT INTO t VALUES (1, 'a' || char(0), NULL);
        """)
    text = pgraduate("assess", path, cwd=tmp_path).out
    assert "1 row in 1 table, 1 index, 1 view, 1 trigger;" in text
    assert "refers to nowhere, which is not carried" in text
    for line in (
        "2 safe decisions to confirm", "1 column with cells in quarantine", "1 translated view to read",
        "1 translated trigger to read", "1 object not carried",
    ):  # fmt: skip
        assert f"    {line}" in text
