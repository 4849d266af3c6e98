"""Columns of which the data say nothing, by what else the file says: its other columns, its words, its keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.schema_sources import plan_script

from pgraduate.compat import ANY_VALUE_TYPE
from pgraduate.model.plan import ColumnPlan

OPEN = "CREATE TABLE cache (id INTEGER PRIMARY KEY, v BLOB, n INTEGER);"
SOURCES = {
    "SQLite's own words": (OPEN, ANY_VALUE_TYPE, "nothing in the file says that only bytes come"),
    "no type": ("CREATE TABLE cache (v);", ANY_VALUE_TYPE, "no type lets every class in"),
    "no type beside types of other engines": (
        "CREATE TABLE cache (v, name VARCHAR(9));",
        ANY_VALUE_TYPE,
        "no type lets every class in",
    ),
    "ANY of a STRICT table": ("CREATE TABLE cache (v ANY) STRICT;", ANY_VALUE_TYPE, "ANY lets every class in"),
    "NULL in every row": (
        "CREATE TABLE cache (v, n); INSERT INTO cache (n) VALUES (1), (2);",
        ANY_VALUE_TYPE,
        "no values",
    ),
    "BLOB of a STRICT table": ("CREATE TABLE cache (v BLOB) STRICT;", "bytea", "the table is STRICT"),
    "another BLOB of bytes": (
        OPEN + "CREATE TABLE icon (data BLOB); INSERT INTO icon VALUES (x'00');",
        "bytea",
        "1 other column declared so hold bytes only",
    ),
    "another BLOB of texts": (
        OPEN + "CREATE TABLE icon (data BLOB, size INT8); INSERT INTO icon VALUES ('a', 1);",
        ANY_VALUE_TYPE,
        "1 other column declared so hold more than bytes",
    ),
    "types of other engines": (OPEN + "CREATE TABLE person (name VARCHAR(9));", "bytea", "person.name VARCHAR(9)"),
    "a type with BLOB in it": ("CREATE TABLE cache (v LONGBLOB);", "bytea", "cache.v LONGBLOB"),
    "migrations of a framework": (
        OPEN + "CREATE TABLE _sqlx_migrations (version INTEGER PRIMARY KEY);",
        "bytea",
        "SQLx made the schema",
    ),
    "generated": (
        "CREATE TABLE cache (n INTEGER, v BLOB AS (n + 1));",
        "bytea",
        "what PostgreSQL computes has one type",
    ),
}


def column(
    tmp_path: Path, script: str, table: str = "cache", name: str = "v", **more: dict[str, str]
) -> ColumnPlan:
    planned = plan_script(tmp_path, script, **more)  # type: ignore[arg-type]
    return planned.table(table).column(name)


@pytest.mark.parametrize(("script", "type_name", "why"), SOURCES.values(), ids=SOURCES)
def test_the_type_of_a_column_without_values(tmp_path: Path, script: str, type_name: str, why: str) -> None:
    found = column(tmp_path, script)
    assert found.type == type_name
    assert why in found.reason


@pytest.mark.parametrize(
    ("wish", "type_name"), [("bytea", "bytea"), ("text", "text"), ("any_value", ANY_VALUE_TYPE)]
)
def test_a_person_may_know_better(tmp_path: Path, wish: str, type_name: str) -> None:
    assert column(tmp_path, OPEN, overrides={"cache.v": wish}).type == type_name


FAMILIES = {
    "a child without values takes its parent's": (
        "CREATE TABLE p (id PRIMARY KEY); CREATE TABLE cache (v TEXT REFERENCES p);",
        (ANY_VALUE_TYPE, ANY_VALUE_TYPE),
    ),
    "a parent without values takes its child's": (
        "CREATE TABLE p (id PRIMARY KEY); CREATE TABLE cache (v TEXT REFERENCES p); INSERT INTO cache VALUES ('a');",
        ("text", "text"),
    ),
    "a typeless child of an integer": (
        "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE cache (v REFERENCES p);",
        ("bigint", "bigint"),
    ),
}


@pytest.mark.parametrize(("script", "types"), FAMILIES.values(), ids=FAMILIES)
def test_both_sides_of_a_foreign_key_agree(tmp_path: Path, script: str, types: tuple[str, str]) -> None:
    planned = plan_script(tmp_path, script)
    assert (planned.table("p").column("id").type, planned.table("cache").column("v").type) == types


def test_nothing_that_is_written_over_such_a_column_is_lost(tmp_path: Path) -> None:
    planned = plan_script(
        tmp_path,
        """
        CREATE TABLE cache (id INTEGER PRIMARY KEY, v BLOB DEFAULT 'none' CHECK (length(v) < 9), UNIQUE (v));
        CREATE INDEX short ON cache (substr(v, 1, 3)) WHERE v > 5;
        CREATE VIEW shown AS SELECT v + 1, upper(v), hex(v), json_extract(v, '$.a') FROM cache WHERE v LIKE 'a%';
        CREATE TRIGGER grown AFTER INSERT ON cache WHEN NEW.v > 5 BEGIN UPDATE cache SET v = v + 1 WHERE id = NEW.id; END;
        """,
    )
    assert planned.not_carried == ()
