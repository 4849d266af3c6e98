"""PRAGMA statements: how they are read, what becomes a question to the catalog, and what is refused by name."""

from __future__ import annotations

import pytest

from pgraduate.dialect import translate_pragma
from pgraduate.dialect.pragmas import Definition, parse_pragma
from pgraduate.dialect.schema_view import SimpleSchema
from pgraduate.errors import NotTranslated

SCHEMA = SimpleSchema(target_schema="app")


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
        ("PRAGMA table_list", "PRAGMA table_list"),
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


def test_a_version_is_kept_in_the_comment_of_the_schema() -> None:
    assert (
        translate_pragma("PRAGMA user_version = 7", SCHEMA).sql
        == "COMMENT ON SCHEMA \"app\" IS 'SQLite user_version 7'"
    )


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


@pytest.mark.parametrize("sql", ["PRAGMA foreign_key_check(t)", "PRAGMA query_only = ON", "PRAGMA synchronous"])
def test_what_would_need_an_answer_of_the_file_stays_refused(sql: str) -> None:
    with pytest.raises(NotTranslated):
        translate_pragma(sql, SCHEMA)
