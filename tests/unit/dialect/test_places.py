"""Aggregates that follow the order of their rows keep the order of an ordered source through GROUP BY."""

from __future__ import annotations

import re

import pytest

from pgraduate.dialect import translate_query
from pgraduate.dialect.schema_view import ColumnView, SimpleSchema, TableView
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.storage import Affinity

COLUMNS = (
    ColumnView("a", "a", "bigint", Affinity.INTEGER, Representation(Rule.INTEGER)),
    ColumnView("x", "x", "text", Affinity.TEXT),
)
SCHEMA = SimpleSchema.of(TableView("t", "app", "t", COLUMNS))
ORDERED = "(SELECT a, x FROM t ORDER BY x)"


@pytest.mark.parametrize("call", ["group_concat(x)", "json_group_array(x)", "json_group_object(a, x)"])
@pytest.mark.parametrize("source", [f"FROM {ORDERED}", f"FROM {ORDERED} AS s"])
def test_a_grouped_aggregate_orders_by_the_place_of_the_row(call: str, source: str) -> None:
    found = translate_query(f"SELECT a, {call} {source} GROUP BY a", SCHEMA)
    assert "row_number() OVER () AS" in found.sql
    assert "order of the source" in found.rules


def test_a_common_table_is_such_a_source_too() -> None:
    found = translate_query(
        f"WITH s AS {ORDERED} SELECT group_concat(x) FROM s GROUP BY a HAVING count(*) > 1", SCHEMA
    )
    assert "order of the source" in found.rules


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT group_concat(x) FROM {ORDERED}",
        f"SELECT a, max(x) FROM {ORDERED} GROUP BY a",
        "SELECT a, group_concat(x) FROM (SELECT a, x FROM t) GROUP BY a",
        f"SELECT a, group_concat(DISTINCT x) FROM {ORDERED} AS s JOIN t USING (a, x) GROUP BY a",
    ],
)
def test_nothing_is_numbered_without_need(query: str) -> None:
    assert "row_number" not in translate_query(query, SCHEMA).sql


KEYED = SimpleSchema.of(TableView("t", "app", "t", COLUMNS, rowid_alias="a"))


@pytest.mark.parametrize(
    "query", ["SELECT group_concat(x) FROM t", "SELECT x, json_group_array(a) FROM t AS s GROUP BY x"]
)
def test_a_table_is_joined_in_the_order_of_its_rowids(query: str) -> None:
    assert re.search(r"string_agg\(.* ORDER BY \"[st]\"\.\"a\"\)", translate_query(query, KEYED).sql)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT group_concat(x ORDER BY x) FROM t",
        "SELECT group_concat(DISTINCT x) FROM t",
        "SELECT group_concat(t.x) FROM t JOIN t AS u USING (x)",
        "SELECT max(x) FROM t",
    ],
)
def test_what_has_an_order_or_none_to_follow_gets_no_other(query: str) -> None:
    assert '"a"' not in translate_query(query, KEYED).sql
