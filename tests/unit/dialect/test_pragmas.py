"""PRAGMA statements: how they are read, what becomes a question to the catalog, and what is refused by name."""

from __future__ import annotations

import pytest

from pgraduate.dialect import translate_pragma, translate_query
from pgraduate.dialect.pragmas import Definition, parse_pragma
from pgraduate.dialect.queries.settings import SETTINGS
from pgraduate.dialect.schema_view import ColumnView, Release, SimpleSchema, TableView
from pgraduate.errors import NotTranslated

SCHEMA = SimpleSchema(target_schema="app", release=Release("3.40.1", "2022-12-28 abc", ("THREADSAFE=1",)))


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("PRAGMA user_version", Definition("user_version", None, False)),
        ("pragma Main.User_Version;", Definition("user_version", None, False)),
        ("PRAGMA user_version = -3", Definition("user_version", "-3", True)),
        ("PRAGMA table_info('a b')", Definition("table_info", "a b", False)),
        ('PRAGMA table_info("a""b") -- why', Definition("table_info", 'a"b', False)),
        ("PRAGMA foreign_keys=ON", Definition("foreign_keys", "ON", True)),
    ],
)
def test_a_pragma_is_read(sql: str, expected: Definition) -> None:
    assert parse_pragma(sql) == expected


@pytest.mark.parametrize(
    ("sql", "construct"),
    [
        ("PRAGMA", "an incomplete PRAGMA"),
        ("PRAGMA cache_size =", "something other than one value"),
        ("PRAGMA table_info(a, b)", "something other than one value"),
        ("PRAGMA other.user_version", "the attached database other"),
        ("PRAGMA table_info", "PRAGMA table_info without a name"),
        ("PRAGMA foreign_keys = 0", "PRAGMA foreign_keys = 0"),
        ("PRAGMA user_version = 99999999999", "PRAGMA user_version = 99999999999"),
        ("PRAGMA application_id = x", "PRAGMA application_id = x"),
        ("PRAGMA busy_timeout = 0", "PRAGMA busy_timeout"),
        ("PRAGMA recursive_triggers = 1", "PRAGMA recursive_triggers"),
        ("PRAGMA locking_mode = EXCLUSIVE", "PRAGMA locking_mode"),
        ("PRAGMA optimize(-1)", "PRAGMA optimize"),
        ("PRAGMA integrity_check(t)", "PRAGMA integrity_check"),
        ("PRAGMA journal_mode = WAL", "PRAGMA journal_mode"),
    ],
)
def test_a_pragma_without_a_meaning_is_refused_by_its_name(sql: str, construct: str) -> None:
    with pytest.raises(NotTranslated) as caught:
        translate_pragma(sql, SCHEMA)
    assert construct in caught.value.construct


def test_a_pragma_of_the_catalog_is_refused_where_the_schema_is_not_known() -> None:
    with pytest.raises(NotTranslated, match="the catalog of a schema that is not known"):
        translate_pragma("PRAGMA table_info(t)", SimpleSchema())


def test_a_name_in_a_pragma_is_a_string_and_nothing_else() -> None:
    found = translate_pragma('PRAGMA table_info("x\'); DROP TABLE t; --")', SCHEMA)
    assert "'x''); DROP TABLE t; --'" in found.sql


def test_the_columns_are_those_that_sqlite_names() -> None:
    found = translate_pragma("PRAGMA foreign_key_list(t)", SCHEMA)
    assert [column.name for column in found.columns][:5] == ["id", "seq", "table", "from", "to"]
    assert found.uses_compat


@pytest.mark.parametrize("name", ["user_version", "application_id"])
def test_a_number_of_the_application_is_kept_with_the_schema(name: str) -> None:
    found = translate_pragma(f"PRAGMA {name} = -7", SCHEMA)
    assert found.sql == f"""SELECT WHERE NOT "pgraduate_compat".keep_number('app', '{name}', (-7))"""
    assert found.columns == ()


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_a_setting_is_asked_for_as_a_statement_and_as_a_table(name: str) -> None:
    statement = translate_pragma(f"PRAGMA {name}", SCHEMA)
    table = translate_query(f"SELECT * FROM pragma_{name}", SCHEMA)
    called = translate_query(f"SELECT * FROM pragma_{name}() AS p", SCHEMA)
    names = [column.name for column in statement.columns]
    assert [column.name for column in table.columns] == [column.name for column in called.columns] == names
    assert statement.uses_compat == table.uses_compat


def test_a_check_lists_no_more_faults_than_it_is_asked_for() -> None:
    assert translate_pragma("PRAGMA quick_check(3)", SCHEMA).sql.endswith("LIMIT 3")
    assert "LIMIT" not in translate_pragma("PRAGMA quick_check(0)", SCHEMA).sql


def test_the_collations_are_listed_unless_the_application_has_one_of_its_own() -> None:
    own = ColumnView("a", "a", "text", collation="GERMAN")
    schema = SimpleSchema({"t": TableView("t", "app", "t", (own,))}, target_schema="app")
    with pytest.raises(NotTranslated, match="GERMAN"):
        translate_pragma("PRAGMA collation_list", schema)


def test_a_table_list_of_one_table_is_that_table_alone() -> None:
    assert "= 'orders'" in translate_pragma("PRAGMA table_list(Orders)", SCHEMA).sql


@pytest.mark.parametrize(
    "sql", ["PRAGMA synchronous = OFF", "PRAGMA cache_size(-2000)", "PRAGMA temp_store=MEMORY"]
)
def test_a_pragma_of_the_file_alone_does_nothing_and_says_so(sql: str) -> None:
    found = translate_pragma(sql, SCHEMA)
    assert found.sql.startswith("SELECT WHERE false")
    assert [finding.code for finding in found.findings] == ["PRAGMA_LEFT_OUT"]


def test_an_unknown_pragma_is_passed_over_and_its_name_goes_nowhere() -> None:
    found = translate_pragma('PRAGMA "x */ ; DROP TABLE t; --"', SCHEMA)
    assert found.sql == "SELECT WHERE false"


@pytest.mark.parametrize("sql", ["PRAGMA foreign_key_check(t)", "PRAGMA query_only = ON", "PRAGMA cache_size"])
def test_what_would_need_an_answer_of_the_file_stays_refused(sql: str) -> None:
    with pytest.raises(NotTranslated):
        translate_pragma(sql, SCHEMA)
