"""Columns and views that compute arrive computing, and what they hold is what SQLite held."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest
from support.cli import pgraduate
from support.sqlite_files import make

GENERATED = """
CREATE TABLE doc (
    id INTEGER PRIMARY KEY, data TEXT, at DATETIME, amount DECIMAL(10,2),
    name TEXT AS (json_extract(data, '$.name')) STORED,
    loud TEXT AS (upper(json_extract(data, '$.name'))),
    age INTEGER AS (json_extract(data, '$.age')),
    score REAL AS (json_extract(data, '$.score')),
    adult AS (json_extract(data, '$.age') >= 18),
    tags TEXT AS (json_extract(data, '$.tags')),
    raw BLOB AS (CAST(data AS BLOB)),
    day TEXT AS (date(at)),
    cents INTEGER AS (amount * 100)
)
"""
KEYS = "CREATE INDEX doc_raw ON doc (CAST(data AS BLOB))"
PEOPLE = [
    {"name": "Ann", "age": 30, "score": 1.5, "tags": ["a", "b"]},
    {"name": "Bob", "age": 7, "score": 2, "tags": []},
    {"name": None},
]


def _document(number: int) -> str:
    return json.dumps(PEOPLE[number])


def test_columns_generated_from_json_are_computed_as_sqlite_does(target: str, tmp_path: Path) -> None:
    rows = [
        f"INSERT INTO doc (id, data, at, amount) VALUES ({n}, '{_document(n)}', '2024-01-0{n + 1} 10:00:00', {n}.25)"
        for n in range(len(PEOPLE))
    ]
    source = make(tmp_path / "docs.db", GENERATED, KEYS, *rows)
    result = pgraduate("run", source, "--to", target, "--json", cwd=tmp_path)
    assert (result.code, result.document["why"]) == (0, []), result.err
    with psycopg.connect(target) as connection:
        connection.execute("""INSERT INTO docs.doc (data) VALUES ('{"name": 5, "age": "41", "tags": {"x": 1}}')""")
        made = connection.execute("SELECT name, loud, age, adult, tags FROM docs.doc ORDER BY id DESC").fetchone()
    assert made == ("5", "5", 41, 1, '{"x":1}')


VIEWS = (
    "CREATE TABLE post (id INTEGER PRIMARY KEY, author TEXT, title TEXT)",
    "CREATE VIEW by_author AS SELECT author, group_concat(title) AS titles, count(DISTINCT title) AS n "
    "FROM post GROUP BY author",
    "CREATE VIEW distinct_titles AS SELECT group_concat(DISTINCT title) AS titles FROM post",
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) "
    "INSERT INTO post SELECT i, 'a' || (i * 7 % 4), 't' || (i * 31 % 23) FROM n",
)


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    return make(tmp_path / "blog.db", *VIEWS)


def test_a_view_whose_aggregate_joins_in_another_order_is_equal_and_named(
    blog: Path, target: str, tmp_path: Path
) -> None:
    result = pgraduate("run", blog, "--to", target, "--json", cwd=tmp_path)
    assert (result.code, result.document["verdict"]) == (3, "equal"), result.err
    views = {view["name"]: (view["differing"], view["reordered"]) for view in result.document["views"]}
    assert views == {"by_author": (0, 0), "distinct_titles": (0, 1)}
    assert result.document["why"] == [
        "view distinct_titles: an aggregate joined the same values in another order in 1 row; "
        "without ORDER BY inside of it no engine promises one"
    ]
