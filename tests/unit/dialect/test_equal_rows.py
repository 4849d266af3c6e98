"""Of equal values which are not the same SQLite says which one stays: in UNION, min(), max() and median()."""

from __future__ import annotations

import re

import pytest

from pgraduate.dialect import translate_query
from pgraduate.dialect.schema_view import ColumnView, SimpleSchema, TableView
from pgraduate.errors import NotTranslated
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.storage import Affinity

T = TableView(
    "t",
    "app",
    "t",
    (
        ColumnView("a", "a", "text", Affinity.TEXT),
        ColumnView("n", "n", "bigint", Affinity.INTEGER, Representation(Rule.INTEGER)),
    ),
)
FOLDED = TableView("folded", "app", "folded", (ColumnView("k", "k", "text", Affinity.TEXT, collation="NOCASE"),))
SCHEMA = SimpleSchema.of(T, FOLDED)


def test_a_union_of_one_class_by_bytes_stays_one() -> None:
    assert "DISTINCT" not in translate_query("SELECT a, n FROM t UNION SELECT 'x', 1", SCHEMA).sql


def test_a_union_of_integers_and_reals_keeps_the_later_arms_row() -> None:
    found = translate_query("SELECT n FROM t UNION SELECT 1.5", SCHEMA)
    assert "SELECT DISTINCT ON" in found.sql
    assert "row_number" not in found.sql
    assert found.findings == ()


@pytest.mark.parametrize("order", ["", " ORDER BY 1"])
def test_a_union_by_a_collation_keeps_the_first_of_an_arm(order: str) -> None:
    found = translate_query(f"SELECT k FROM folded UNION SELECT a FROM t{order}", SCHEMA)
    assert re.findall(r'"_place_\d+"( DESC|)', found.sql)[-1] == ""
    assert [finding.code for finding in found.findings] == ["ONE_OF_EQUAL_TEXTS"]


@pytest.mark.parametrize("rest", ["INTERSECT SELECT a FROM t", "UNION SELECT a FROM t UNION SELECT 'x'"])
def test_another_compound_by_a_collation_is_refused(rest: str) -> None:
    with pytest.raises(NotTranslated, match="NOCASE"):
        translate_query(f"SELECT k FROM folded {rest}", SCHEMA)


def test_the_smallest_text_by_a_collation_is_found_among_all() -> None:
    found = translate_query("SELECT min(k, 'b'), max('a', k) FROM folded", SCHEMA).sql
    assert "LIMIT 1" in found
    with pytest.raises(NotTranslated, match="other values than texts"):
        translate_query("SELECT min(k, 1) FROM folded", SCHEMA)


def test_a_median_is_one_of_numbers() -> None:
    assert "percentile_cont(0.5) WITHIN GROUP" in translate_query("SELECT median(n) FROM t", SCHEMA).sql
    for refused in ("median(a)", "median(DISTINCT n)", "median(n) OVER ()"):
        with pytest.raises(NotTranslated, match="median"):
            translate_query(f"SELECT {refused} FROM t", SCHEMA)
