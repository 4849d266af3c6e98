"""A script's statements: where each ends, where it begins, and what it is."""

from __future__ import annotations

import pytest

from pgraduate.dialect.schema_view import SimpleSchema
from pgraduate.errors import NotTranslated
from pgraduate.translate import Kind, Layered, Untranslated, attempt, split, translate_script, translate_statement


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("SELECT 1", Kind.QUERY, "SELECT"),
        ("values (1)", Kind.QUERY, "VALUES"),
        ("WITH a AS (SELECT 1) SELECT * FROM a", Kind.QUERY, "SELECT"),
        ("WITH a(x) AS (DELETE) INSERT INTO t SELECT 1", Kind.DML, "INSERT"),
        ("WITH a AS (SELECT 1), b AS (SELECT 2) UPDATE t SET a = 1", Kind.DML, "UPDATE"),
        ("REPLACE INTO t VALUES (1)", Kind.DML, "REPLACE"),
        ("create temp view v as select 1", Kind.VIEW, "CREATE TEMP VIEW"),
        ("CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END", Kind.TRIGGER, "CREATE TRIGGER"),
        ("CREATE UNIQUE INDEX i ON t(a)", Kind.OTHER, "CREATE UNIQUE INDEX"),
        ("DROP VIEW v", Kind.OTHER, "DROP VIEW"),
        ("PRAGMA user_version", Kind.PRAGMA, "PRAGMA"),
    ],
)
def test_a_statement_is_known_by_its_words(text: str, kind: Kind, name: str) -> None:
    (statement,) = split(text)
    assert (statement.kind, statement.name) == (kind, name)


def test_a_semicolon_in_a_text_a_comment_or_a_trigger_ends_nothing() -> None:
    script = (
        "SELECT ';' -- ; no\n;\n"
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; SELECT 1; END;\n"
        '/* ; */ SELECT [a;b] FROM "x;y";;\n'
    )
    assert [(found.kind, found.line) for found in split(script)] == [
        (Kind.QUERY, 1),
        (Kind.TRIGGER, 3),
        (Kind.QUERY, 4),
    ]


def test_two_equal_statements_have_their_own_lines() -> None:
    assert [found.line for found in split("SELECT 1;\nSELECT 1;\n\nSELECT 1")] == [1, 2, 4]


def test_a_view_of_a_script_is_known_behind_it() -> None:
    script = split("CREATE VIEW v AS SELECT 5 AS five; SELECT five + 1 FROM v")
    first, second = translate_script(script, Layered(SimpleSchema(), "app"))
    assert not isinstance(first, Untranslated)
    assert first.texts == ('CREATE VIEW "app"."v" ("five") AS\nSELECT 5 AS "five"',)
    assert not isinstance(second, Untranslated)


@pytest.mark.parametrize(
    ("script", "construct"),
    [
        ("CREATE VIRTUAL TABLE t USING fts5(a)", "the statement CREATE VIRTUAL"),
        ("VACUUM INTO 'copy.db'", "VACUUM INTO"),
        ("CREATE VIEW other.v AS SELECT 1", "the attached database other"),
        ("CREATE VIEW v(a, A) AS SELECT 1, 2", "a view with two columns of one name"),
        ("SELECT ?", "a parameter"),
    ],
)
def test_what_has_no_translation_is_refused_by_its_name(script: str, construct: str) -> None:
    (statement,) = split(script)
    with pytest.raises(NotTranslated, match=construct):
        translate_statement(statement, Layered(SimpleSchema()))


def test_a_view_that_exists_is_refused() -> None:
    schema = Layered(SimpleSchema())
    first, second = split("CREATE VIEW v AS SELECT 1 AS a; CREATE VIEW v AS SELECT 2 AS a")
    assert not isinstance(attempt(first, schema), Untranslated)
    again = attempt(second, schema)
    assert isinstance(again, Untranslated)
    assert again.construct == "CREATE VIEW of v, which exists"


def test_a_view_that_exists_stays_the_one_that_is_known_under_if_not_exists() -> None:
    schema = Layered(SimpleSchema())
    script = "CREATE VIEW v AS SELECT 1 AS a; CREATE VIEW IF NOT EXISTS v AS SELECT 2 AS b; SELECT a FROM v"
    assert not any(isinstance(found, Untranslated) for found in translate_script(split(script), schema))


def test_a_refusal_keeps_its_own_hint_before_the_general_one() -> None:
    attach, table = translate_script(
        split("ATTACH 'o.db' AS o; SELECT a FROM t"), Layered(SimpleSchema()), hint="general"
    )
    assert isinstance(attach, Untranslated)
    assert isinstance(table, Untranslated)
    assert (attach.hint == "general", table.hint == "general") == (False, True)
