"""Statements that an application runs: parameters, RETURNING, conflicts, in both engines."""

from __future__ import annotations

from collections.abc import Sequence

import psycopg
import pytest
from support.twins import CreateTwins, Twins, Value

from pgraduate.dialect import translate_dml
from pgraduate.model.storage import StorageClass

TABLES = (
    "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT UNIQUE, n INTEGER DEFAULT 3, done BOOLEAN DEFAULT 0);"
    "CREATE TABLE u(k TEXT PRIMARY KEY, v INTEGER NOT NULL, w INTEGER DEFAULT 7);"
)
ROWS = (
    "INSERT INTO t(a, n, done) VALUES ('a', 1, 0), ('b', 2, 1), ('c', NULL, 0)",
    "INSERT INTO u(k, v) VALUES ('a', 5)",
)


@pytest.fixture
def twins(create_twins: CreateTwins) -> Twins:
    twins = create_twins(TABLES)
    for row in ROWS:
        assert twins.run(row) == (None, None)
    return twins


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO t VALUES (NULL, 'd', 4, 1)",
        "INSERT INTO t(a) SELECT k || 'x' FROM u",
        "INSERT INTO t SELECT NULL, k || 'x', v, v > 1 FROM u",
        "INSERT INTO u(k, v) SELECT a, n FROM t WHERE n IS NOT NULL ON CONFLICT(k) DO UPDATE SET v = v + excluded.v",
        "INSERT INTO u AS x (k, v) VALUES ('a', 1), ('z', 2) ON CONFLICT(k) DO UPDATE SET (v, w) = (x.w, excluded.v)",
        "INSERT INTO u(k, v) VALUES ('a', 1) ON CONFLICT DO UPDATE SET v = 9 WHERE u.v > 100",
        "WITH q AS (SELECT a FROM t WHERE n = 2) INSERT INTO u(k, v) SELECT a, 1 FROM q",
        "INSERT OR REPLACE INTO u(k, v) VALUES ('a', 1), ('b', 2)",
        "REPLACE INTO t(id, a) VALUES (1, 'b')",
        "REPLACE INTO t(id, a) SELECT 1, k FROM u",
        "INSERT OR IGNORE INTO t(id, a) VALUES (1, 'x'), (9, 'a'), (8, 'y')",
        "INSERT INTO t DEFAULT VALUES",
        "UPDATE t SET a = a || id, n = n + 1, done = NOT done",
        "UPDATE t AS x SET n = (SELECT max(v) FROM u WHERE k = x.a)",
        "UPDATE t SET n = u.v FROM u WHERE u.k = t.a",
        "UPDATE t SET n = q.total FROM (SELECT k, sum(v) AS total FROM u GROUP BY k) AS q WHERE q.k = t.a",
        "UPDATE t SET n = 1, n = 2",
        "UPDATE main.t INDEXED BY sqlite_autoindex_t_1 SET n = 4 WHERE a = 'a'",
        "UPDATE t SET (a, n) = (SELECT k || 'q', v FROM u) WHERE rowid = 2",
        "UPDATE t SET n = 4 WHERE a IS NOT 'a'",
        "DELETE FROM t WHERE a IN (SELECT k FROM u)",
        "DELETE FROM t AS x WHERE EXISTS (SELECT 1 FROM u WHERE u.k = x.a) OR x.done",
        "DELETE FROM t",
    ],
)
def test_a_statement_leaves_the_same_rows(statement: str, twins: Twins) -> None:
    assert twins.run(statement) == (None, None)
    lite_tables, post_tables = twins.contents()
    assert post_tables == lite_tables


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO t(a) VALUES ('p'), ('q') RETURNING id, a, n AS three, done, upper(a) || n",
        "INSERT INTO u(k, v) VALUES ('a', 1) ON CONFLICT(k) DO UPDATE SET v = v + 1 RETURNING *",
        "UPDATE t AS x SET n = n + 1 WHERE a < 'c' RETURNING rowid, n, done + 1",
        "DELETE FROM t WHERE n = 2 RETURNING *",
    ],
)
def test_returning_gives_the_same_rows_under_the_same_names(statement: str, twins: Twins) -> None:
    cursor = twins.lite.execute(statement)
    expected = cursor.fetchall()
    translation = translate_dml(statement, twins.schema)
    twins.bring_functions(translation.uses_compat)
    rows = twins.post.execute(translation.sql.encode()).fetchall()
    assert [tuple(int(v) if isinstance(v, bool) else v for v in row) for row in rows] == expected
    assert [column.name for column in translation.columns] == [name for name, *_ in cursor.description]


CLASSES = {int: StorageClass.INTEGER, float: StorageClass.REAL, str: StorageClass.TEXT, bytes: StorageClass.BLOB}


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        ("INSERT INTO t(a, n, done) VALUES (?, ?, ?)", ("p", 5, 1)),
        ("INSERT INTO t(n, a) VALUES (?2, ?1)", ("p", 5)),
        ("INSERT INTO t(id, a, n) VALUES (?, ?, ?)", (None, "p", None)),
        ("INSERT INTO t(a, n) VALUES (?, '12'), (?, ?)", ("p", "q", 2.0)),
        ("INSERT OR REPLACE INTO t(id, a) VALUES (?, ?)", (1, "b")),
        ("INSERT INTO u(k, v) VALUES (?, ?) ON CONFLICT(k) DO UPDATE SET v = ? + excluded.v", ("a", 1, 50)),
        ("UPDATE t SET n = ?, done = ? WHERE a = ?", (9, 1, "b")),
        ("DELETE FROM t WHERE n > ? AND a <> ?", (0, "a")),
    ],
)
def test_each_parameter_keeps_its_value(statement: str, values: Sequence[Value], twins: Twins) -> None:
    twins.lite.execute(statement, values)
    classes = tuple(StorageClass.NULL if value is None else CLASSES[type(value)] for value in values)
    translation = translate_dml(statement, twins.schema, parameters=classes)
    twins.bring_functions(translation.uses_compat)
    cursor = psycopg.RawCursor(twins.post)
    for text in (*translation.before, translation.sql):
        used = [value for place, value in enumerate(values, 1) if f"${place}" in text]
        assert used == list(values), "every statement takes all parameters"
        cursor.execute(text.encode(), values)
    lite, post = twins.contents()
    assert post == lite
