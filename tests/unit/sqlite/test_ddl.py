"""What is read from CREATE statements that no pragma tells."""

from __future__ import annotations

import pytest

from pgraduate.errors import SourceUnusable
from pgraduate.model.catalog import Check
from pgraduate.sqlite.ddl import ForeignKeyText, parse_index, parse_module, parse_table


@pytest.mark.parametrize(
    ("sql", "checks"),
    [
        ("CREATE TABLE t (a CHECK (a > 0))", [Check("a > 0")]),
        ("CREATE TABLE t (a CONSTRAINT positive CHECK(a > 0) NOT NULL)", [Check("a > 0", "positive")]),
        ("CREATE TABLE t (a, CONSTRAINT [odd name] CHECK (a IN (1, 3)))", [Check("a IN (1, 3)", "odd name")]),
        ("CREATE TABLE t (a, CHECK (a) CHECK (a > 1))", [Check("a"), Check("a > 1")]),
        ("CREATE TABLE t (a CONSTRAINT nn NOT NULL CHECK (a))", [Check("a")]),
        ("CREATE TABLE t (a DEFAULT ('CHECK (x)'), b DEFAULT 'CHECK (y)')", []),
        ("CREATE TABLE t (a CHECK (a <> ')' /* ) */ AND a <> \"(\"))", [Check("a <> ')' /* ) */ AND a <> \"(\"")]),
        ("CREATE TABLE t (a -- CHECK (no)\n)", []),
        ('CREATE TABLE t ("check" INT CHECK ("check" > 0))', [Check('"check" > 0')]),
        ("CREATE TABLE t (a INT DEFAULT -1 CHECK (a) COLLATE x CHECK (b), b)", [Check("a"), Check("b")]),
        ("CREATE TABLE t (a DECIMAL(10, 2) CHECK (a > 0), b)", [Check("a > 0")]),
    ],
)
def test_checks_are_found_with_their_names(sql: str, checks: list[Check]) -> None:
    assert parse_table(sql).checks == checks


@pytest.mark.parametrize(
    ("clause", "key"),
    [
        ("a REFERENCES p", ForeignKeyText("p", False, None)),
        ('a CONSTRAINT "to p" REFERENCES [the p] (x)', ForeignKeyText("the p", False, "to p")),
        ("a, CONSTRAINT k FOREIGN KEY (a) REFERENCES p (x)", ForeignKeyText("p", False, "k")),
        ("a REFERENCES p ON DELETE SET DEFAULT DEFERRABLE INITIALLY DEFERRED", ForeignKeyText("p", True, None)),
        ("a REFERENCES p DEFERRABLE INITIALLY IMMEDIATE", ForeignKeyText("p", False, None)),
        ("a REFERENCES p DEFERRABLE", ForeignKeyText("p", False, None)),
        ("a REFERENCES p NOT DEFERRABLE INITIALLY DEFERRED", ForeignKeyText("p", False, None)),
        (
            "a REFERENCES p MATCH FULL ON UPDATE CASCADE deferrable initially deferred",
            ForeignKeyText("p", True, None),
        ),
        ("a REFERENCES p ON DELETE SET NULL NOT NULL", ForeignKeyText("p", False, None)),
    ],
)
def test_foreign_keys_are_found_with_name_and_deferral(clause: str, key: ForeignKeyText) -> None:
    assert parse_table(f"CREATE TABLE t ({clause})").foreign_keys == [key]


def test_foreign_keys_stand_in_the_order_of_the_text() -> None:
    sql = "CREATE TABLE t (a REFERENCES p, b REFERENCES q (x), FOREIGN KEY (a, b) REFERENCES r)"
    assert [key.parent for key in parse_table(sql).foreign_keys] == ["p", "q", "r"]


@pytest.mark.parametrize(
    ("column", "expression"),
    [
        ("b GENERATED ALWAYS AS (a * 2) STORED", "a * 2"),
        ("b INT AS (a || ')') VIRTUAL", "a || ')'"),
        ('"b" TEXT NOT NULL AS (lower(a))', "lower(a)"),
    ],
)
def test_generated_expressions_are_found(column: str, expression: str) -> None:
    assert parse_table(f"CREATE TABLE t (a, {column})").generated == {"b": expression}


def test_a_cast_is_not_a_generated_column() -> None:
    assert parse_table("CREATE TABLE t (a DEFAULT (CAST('1' AS INT)), b CHECK (CAST(b AS INT)))").generated == {}


@pytest.mark.parametrize("name", ["t", '"t (a CHECK (b))"', "[a.b]", "`x`", "main.t", '"main" . "t"', "'t'"])
def test_any_table_name_is_stepped_over(name: str) -> None:
    assert parse_table(f"CREATE TABLE {name} (a CHECK (a))").checks == [Check("a")]


@pytest.mark.parametrize(
    ("sql", "terms", "where"),
    [
        ("CREATE INDEX i ON t (a)", ("a",), None),
        ("CREATE UNIQUE INDEX IF NOT EXISTS i ON t (a DESC, lower(b) COLLATE NOCASE ASC)", ("a", "lower(b)"), None),
        ("CREATE INDEX i ON t (a) WHERE b IS NULL AND c = ')'", ("a",), "b IS NULL AND c = ')'"),
        ("CREATE INDEX i ON t(a)where(b);", ("a",), "(b)"),
        ('CREATE INDEX "ON" ON "(" (json_extract(a, \'$.x, y\'), b)', ("json_extract(a, '$.x, y')", "b"), None),
        ("CREATE INDEX i ON t (a || 'desc' DESC)", ("a || 'desc'",), None),
    ],
)
def test_index_terms_and_predicates_are_found(sql: str, terms: tuple[str, ...], where: str | None) -> None:
    text = parse_index(sql)
    assert text.terms == terms
    assert text.where == where


@pytest.mark.parametrize(
    ("sql", "module"),
    [
        ("CREATE VIRTUAL TABLE t USING fts5(a, b)", "fts5"),
        ('CREATE VIRTUAL TABLE IF NOT EXISTS "t using x" USING "RTree"(a)', "rtree"),
        ("CREATE VIRTUAL TABLE main.t USING VirtualSpatialIndex()", "virtualspatialindex"),
    ],
)
def test_the_module_of_a_virtual_table_is_found(sql: str, module: str) -> None:
    assert parse_module(sql) == module


def test_a_statement_that_ends_early_is_refused() -> None:
    with pytest.raises(SourceUnusable, match="ends inside parentheses"):
        parse_table("CREATE TABLE t (a CHECK (b)")
