"""Nothing passes through unread: whatever text comes in, the result is a translation made node by node or a refusal."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlglot import exp, parse_one
from support.translate_suite import rows

from pgraduate.dialect import translate_ddl, translate_dml, translate_query
from pgraduate.dialect.schema_view import ColumnView, SimpleSchema, TableView
from pgraduate.errors import NotTranslated
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.storage import Affinity

T = TableView(
    "t",
    "app",
    "t",
    (
        ColumnView("id", "id", "bigint", Affinity.INTEGER, Representation(Rule.INTEGER), not_null=True),
        ColumnView("a", "a", "text", Affinity.TEXT),
    ),
    "id",
    (("id",),),
)
SCHEMA = SimpleSchema.of(T)
WORDS = st.sampled_from(
    [
        "SELECT",
        "FROM",
        "WHERE",
        "t",
        "a",
        "id",
        ",",
        "(",
        ")",
        "*",
        "=",
        "1",
        "'x'",
        "INSERT",
        "INTO",
        "VALUES",
        "UPDATE",
        "SET",
        "DELETE",
        "WITH",
        "AS",
        "UNION",
        "ALL",
        "ORDER",
        "BY",
        "LIMIT",
        "GROUP",
        "HAVING",
        "PRAGMA",
        "ATTACH",
        "BEGIN",
        "COMMIT",
        "VACUUM",
        "REPLACE",
        "OR",
        "IGNORE",
        "ON",
        "CONFLICT",
        "DO",
        "NOTHING",
        "EXPLAIN",
        "SHOW",
        "COPY",
        "CALL",
        "GRANT",
        "TRUNCATE",
        "SET",
        "USE",
        "ANALYZE",
        "CREATE",
        "TABLE",
        "INDEX",
        "DROP",
        "ALTER",
        "ADD",
        "COLUMN",
        ";",
        "--",
        "NULL",
        "IS",
        "NOT",
        "IN",
        "BETWEEN",
    ]
)
SAMPLE = [case.text for row in rows() for case in row.cases][::23]


def translations(sql: str) -> list[str]:
    """Give what each entry point makes of a text, nothing where all refuse."""
    found = []
    for translate in (translate_query, translate_dml, translate_ddl):
        try:
            result = translate(sql, SCHEMA)
        except NotTranslated:
            continue
        found.append(result.sql)
    return found


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=12).map(" ".join))
@example("SELECT a FROM t")
@example("VACUUM")
def test_no_statement_comes_out_as_a_command(sql: str) -> None:
    for text in translations(sql):
        if not text.startswith(("VACUUM", "ANALYZE", "REINDEX", "DO $pgraduate$")):
            tree = parse_one(text, dialect="postgres")
            assert not list(tree.find_all(exp.Command)), text


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(SAMPLE), st.lists(WORDS, max_size=3), st.integers(0, 200))
def test_a_statement_with_words_put_in_raises_nothing_but_a_refusal(sql: str, words: list[str], place: int) -> None:
    place = min(place, len(sql))
    translations(f"{sql[:place]} {' '.join(words)} {sql[place:]}")


@pytest.mark.parametrize("sql", ["SELECT a FROM t", "UPDATE t SET a = 'x'", "DELETE FROM t", "DROP TABLE t"])
def test_every_table_stands_with_its_schema(sql: str) -> None:
    (text,) = translations(sql)
    assert re.search(r'"app"\."t"', text)


def test_the_same_text_comes_out_twice() -> None:
    sql = "SELECT a, max(id) FROM t WHERE a LIKE 'x%' GROUP BY a HAVING count(*) > 1 ORDER BY 2 DESC LIMIT 3"
    assert translations(sql) == translations(sql)
