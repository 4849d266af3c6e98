from __future__ import annotations

import pytest

from pgraduate.dialect.writing.parser import Assignment, Delete, Insert, Policy, Update, Upsert, parse_dml
from pgraduate.errors import NotTranslated


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("INSERT INTO t VALUES (1, f(2, 3), 'a,b')", Insert("t", rows=(("1", "f(2, 3)", "'a,b'"),))),
        ("insert or ignore into main.[a b] as q (x, \"y\") values (1,2),(3,4);",
         Insert("a b", Policy.IGNORE, "q", ("x", "y"), (("1", "2"), ("3", "4")))),
        ("REPLACE INTO 't' DEFAULT VALUES", Insert("t", Policy.REPLACE)),
        ("INSERT INTO t (a) SELECT x FROM u WHERE (y)",
         Insert("t", columns=("a",), query="SELECT x FROM u WHERE (y)")),
        ("INSERT INTO t VALUES (1) UNION SELECT 2", Insert("t", query="VALUES (1) UNION SELECT 2")),
        ("WITH q AS (SELECT 1) INSERT INTO t SELECT * FROM q",
         Insert("t", query="WITH q AS (SELECT 1) SELECT * FROM q")),
        ("INSERT INTO t(a) VALUES (1) ON CONFLICT(a, lower(b)) WHERE c = 0 DO UPDATE SET (b, c) = (1, 2), "
         "d = d + 1 WHERE d > 1 ON CONFLICT DO NOTHING RETURNING *",
         Insert("t", columns=("a",), rows=(("1",),), returning="*", upserts=(
             Upsert(("a", "lower(b)"), "c = 0",
                    (Assignment(("b", "c"), "(1, 2)"), Assignment(("d",), "d + 1")), "d > 1"),
             Upsert((), None, None),
         ))),
        ("INSERT INTO t SELECT a FROM u WHERE true ON CONFLICT(a) DO NOTHING",
         Insert("t", query="SELECT a FROM u WHERE true", upserts=(Upsert(("a",), None, None),))),
        ("UPDATE t SET a = CASE WHEN b = 1 THEN 2 END, \"c\" = b IS DISTINCT FROM 2",
         Update("t", (Assignment(("a",), "CASE WHEN b = 1 THEN 2 END"),
                      Assignment(("c",), "b IS DISTINCT FROM 2")))),
        ("UPDATE OR IGNORE t AS q INDEXED BY i SET a = u.b FROM u WHERE u.id = q.id RETURNING a",
         Update("t", (Assignment(("a",), "u.b"),), Policy.IGNORE, "q", "u", "u.id = q.id", "a")),
        ("UPDATE t SET (a, b) = (SELECT x, y FROM u ORDER BY x LIMIT 1)",
         Update("t", (Assignment(("a", "b"), "(SELECT x, y FROM u ORDER BY x LIMIT 1)"),))),
        ("DELETE FROM t", Delete("t")),
        ("DELETE FROM t AS q NOT INDEXED WHERE a IN (SELECT b FROM u WHERE c) RETURNING a",
         Delete("t", "q", "a IN (SELECT b FROM u WHERE c)", "a")),
    ],
)  # fmt: skip
def test_every_clause_is_read(sql: str, expected: Insert | Update | Delete) -> None:
    assert parse_dml(sql) == expected


@pytest.mark.parametrize(
    ("sql", "construct"),
    [
        ("DELETE FROM aux.t", "another database"),
        ("INSERT OR DIE INTO t VALUES (1)", "unexpected text"),
        ("INSERT INTO t (a b) VALUES (1)", "more than names"),
        ("INSERT INTO t", "empty clause"),
        ("UPDATE t SET a", "without column or value"),
        ("UPDATE t", "incomplete"),
        ("SELECT 1", "unexpected text"),
    ],
)
def test_what_has_no_translation_is_refused_by_name(sql: str, construct: str) -> None:
    with pytest.raises(NotTranslated, match=construct):
        parse_dml(sql)
