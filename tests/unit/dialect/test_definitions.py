"""What the schema view knows of SQLite's definitions is carried along in a question to the live catalog."""

from __future__ import annotations

import pytest

from pgraduate.dialect import translate_pragma, translate_query
from pgraduate.dialect.schema_view import ColumnView, Declared, SimpleSchema, TableView
from pgraduate.errors import NotTranslated
from pgraduate.model.representation import Representation, Rule
from pgraduate.model.storage import Affinity


def column(name: str, declared: Declared | None, **more: object) -> ColumnView:
    known = {"affinity": Affinity.INTEGER, "representation": Representation(Rule.INTEGER)}
    return ColumnView(name, name.lower(), "bigint", declared=declared, **(known | more))  # type: ignore[arg-type]


ORDERS = TableView(
    "Orders",
    "app",
    "orders",
    (column("Id", Declared("INTEGER", default="1 + 1")), column("rowid", Declared("INTEGER"), implicit=True)),
    "Id",
    autoincrement=True,
)
PLAIN = TableView("plain", "app", "plain", (column("a", None),))


def schema(*tables: TableView) -> SimpleSchema:
    return SimpleSchema({table.source.lower(): table for table in tables}, target_schema="app")


def test_a_column_is_asked_for_with_its_declaration() -> None:
    found = translate_pragma("PRAGMA table_info(orders)", schema(ORDERS)).sql
    assert '"source":"Id","type":"INTEGER","notnull":0,"dflt":"1 + 1"' in found
    assert '"implicit":true' in found
    assert "jsonb" not in translate_pragma("PRAGMA table_info(plain)", schema(ORDERS, PLAIN)).sql.lower()


def test_a_computed_name_is_asked_for_with_all_declarations() -> None:
    query = "SELECT i.name FROM sqlite_master m, pragma_table_info(m.name) i"
    assert '"table":"orders"' in translate_query(query, schema(ORDERS, PLAIN)).sql


def test_names_come_as_sqlite_spells_them() -> None:
    assert '{"orders":"Orders"}' in translate_query("SELECT name FROM sqlite_master", schema(ORDERS)).sql
    assert "Orders" not in translate_query("SELECT name FROM sqlite_master", schema(PLAIN)).sql


def test_sqlite_sequence_is_there_where_a_table_has_autoincrement() -> None:
    found = translate_query("SELECT seq FROM sqlite_sequence WHERE name = 'Orders'", schema(ORDERS)).sql
    assert """ARRAY['Orders'], ARRAY['"app"."orders"'], ARRAY['id']""" in found
    with pytest.raises(NotTranslated, match="the unknown table sqlite_sequence"):
        translate_query("SELECT seq FROM sqlite_sequence", schema(PLAIN))
