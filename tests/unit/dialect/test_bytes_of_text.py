"""Text as bytes and bytes as text: where the database stores other bytes it is refused, and an index may compute it."""

from __future__ import annotations

import pytest

from pgraduate.dialect import translate_expression, translate_query
from pgraduate.dialect.schema_view import ColumnView, SimpleSchema, TableView
from pgraduate.errors import NotTranslated
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.storage import Affinity

T = TableView(
    "t",
    "app",
    "t",
    (
        ColumnView("s", "s", "text", Affinity.TEXT),
        ColumnView("b", "b", "bytea", Affinity.BLOB, Representation(Rule.BLOB)),
    ),
)
UTF16 = SimpleSchema({"t": T}, text_encoding="UTF-16le")
CONVERSIONS = ("hex(s)", "CAST(s AS BLOB)", "CAST(b AS TEXT)", "b || s", "hex('abc')")


@pytest.mark.parametrize("expression", CONVERSIONS)
def test_the_bytes_of_a_text_are_refused_where_sqlite_has_others(expression: str) -> None:
    translate_query(f"SELECT {expression} FROM t", SimpleSchema.of(T))
    with pytest.raises(NotTranslated, match="stores as UTF-16le"):
        translate_query(f"SELECT {expression} FROM t", UTF16)


@pytest.mark.parametrize("expression", ["hex(b)", "length(s)", "s || 'x'", "upper(s) = s", "CAST(b AS BLOB)"])
def test_what_needs_no_bytes_is_translated_in_any_encoding(expression: str) -> None:
    assert translate_query(f"SELECT {expression} FROM t", UTF16).sql


@pytest.mark.parametrize("expression", CONVERSIONS)
def test_an_index_calls_no_function_that_postgresql_calls_stable(expression: str) -> None:
    found = translate_expression(expression, SimpleSchema.of(T), T, purpose="index")
    assert "convert_" not in found.sql
