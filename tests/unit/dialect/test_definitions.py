"""What the schema view knows of SQLite's definitions is carried along in a question to the live catalog."""

from __future__ import annotations

import pytest

from pgraduate.dialect import translate_ddl, translate_dml, translate_pragma, translate_query
from pgraduate.dialect.schema_view import (
    ColumnView,
    Declared,
    DeclaredIndex,
    DeclaredTable,
    DeclaredTerm,
    Release,
    SimpleSchema,
    TableView,
)
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


BY_NOCASE = DeclaredIndex(
    "sqlite_autoindex_Mail_1",
    "mail_address_key",
    unique=True,
    origin="u",
    partial=False,
    terms=(DeclaredTerm(0, "Address", collation="NOCASE"), DeclaredTerm(-1, None, is_key=False)),
)
MAIL = TableView(
    "Mail",
    "app",
    "mail",
    (column("Address", Declared("TEXT")),),
    declared=DeclaredTable(
        "CREATE TABLE Mail (Address TEXT UNIQUE COLLATE NOCASE REFERENCES plain)",
        strict=True,
        indexes=(BY_NOCASE,),
        triggers=(("t1_sent", "sent", "CREATE TRIGGER sent …"),),
        implied_parents=(("address",),),
        helpers=("mail_helper",),
    ),
)


def test_an_index_behind_a_constraint_has_the_name_that_sqlite_gave_it() -> None:
    query = translate_query("SELECT name FROM sqlite_master", schema(MAIL)).sql
    assert '"target":"mail_address_key","name":"sqlite_autoindex_Mail_1"' in query
    assert '"target":"t1_sent","name":"sent"' in query
    assert '{"type":"index","table":"mail","target":"mail_helper"}' in query


def test_definitions_travel_only_where_they_are_asked_for() -> None:
    assert "CREATE TABLE Mail" not in translate_query("SELECT name FROM sqlite_master", schema(MAIL)).sql
    asked = translate_query("SELECT 1 FROM sqlite_master WHERE sql LIKE '%x%'", schema(MAIL)).sql
    assert "CREATE TABLE Mail" in asked
    assert "CREATE TRIGGER sent" in asked


@pytest.mark.parametrize("query", ["SELECT sql FROM sqlite_master", "SELECT strict FROM pragma_table_list"])
def test_a_definition_is_refused_where_that_of_some_table_is_not_known(query: str) -> None:
    assert translate_query(query, schema(MAIL)).uses_compat
    with pytest.raises(NotTranslated, match=r"the column (sql|strict) of"):
        translate_query(query, schema(MAIL, PLAIN))


def test_terms_of_an_index_are_those_of_its_definition() -> None:
    found = translate_pragma("PRAGMA index_xinfo(SQLITE_autoindex_mail_1)", schema(MAIL, ORDERS)).sql
    assert '[[0,"Address",0,"NOCASE",1],[-1,null,0,"BINARY",0]]' in found
    assert "jsonb" not in translate_pragma("PRAGMA index_xinfo(other)", schema(MAIL)).sql.lower()


def test_a_foreign_key_says_whether_its_parent_is_named_alone() -> None:
    assert '"implied":{"mail":[["address"]]}' in translate_pragma("PRAGMA foreign_key_list(mail)", schema(MAIL)).sql


def test_an_index_is_built_again_by_its_own_name() -> None:
    found = translate_ddl("REINDEX sqlite_autoindex_mail_1", schema(MAIL), into="app").sql
    assert found == 'REINDEX INDEX "app"."mail_address_key"'
    assert "LOOP" in translate_ddl("REINDEX nocase", schema(MAIL), into="app").sql


def test_the_version_is_that_of_the_sqlite_beside_it() -> None:
    beside = SimpleSchema(release=Release("3.40.1", "2022-12-28 abc", ("ENABLE_FTS5", "THREADSAFE=1")))
    assert "'3.40.1'" in translate_query("SELECT sqlite_version()", beside).sql
    assert "'THREADSAFE=1'" in translate_pragma("PRAGMA compile_options", beside).sql
    for name, expected in (("SQLITE_threadsafe", 1), ("THREADSAFE=1", 1), ("THREADSAFE=2", 0), ("ENABLE_FTS", 0)):
        found = translate_query(f"SELECT sqlite_compileoption_used('{name}')", beside).sql
        assert found.startswith(f"SELECT {expected} AS")
    with pytest.raises(NotTranslated, match="sqlite_source_id"):
        translate_query("SELECT sqlite_source_id()", SimpleSchema())


@pytest.mark.parametrize(
    ("sql", "number"),
    [("DELETE FROM sqlite_sequence", "0"), ("UPDATE sqlite_sequence SET seq = '9' WHERE name = 'Orders'", "9")],
)
def test_numbers_begin_anew_where_sqlite_sequence_is_written(sql: str, number: str) -> None:
    found = translate_dml(sql, schema(ORDERS))
    assert "restart_sequence(ARRAY['Orders']" in found.sql
    assert number in found.sql
    assert ("CASE WHEN" in found.sql) == ("WHERE" in sql)
    assert [finding.code for finding in found.findings] == ["SEQUENCE_BEHIND_ITS_ROWS"]


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO sqlite_sequence VALUES ('Orders', 1)",
        "UPDATE sqlite_sequence SET name = 'x'",
        "DELETE FROM sqlite_sequence RETURNING seq",
    ],
)
def test_another_write_to_sqlite_sequence_is_refused(sql: str) -> None:
    with pytest.raises(NotTranslated, match="sqlite_sequence"):
        translate_dml(sql, schema(ORDERS))
