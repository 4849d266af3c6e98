"""A filter is one expression that SQLite understands, and the same at every time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from support.sqlite_files import make

from pgraduate.errors import UsageError
from pgraduate.sqlite import read_catalog, require_filters, take_census
from pgraduate.sqlite.filters import rows_of

SCRIPT = (
    "CREATE TABLE p (id INTEGER PRIMARY KEY, at TEXT)",
    "CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p, s TEXT)",
    "INSERT INTO p VALUES (1, '2023-05-01'), (2, '2024-05-01'), (3, '2025-05-01')",
    "INSERT INTO c VALUES (10, 1, 'a'), (20, 2, 'b'), (30, 3, 'now'), (40, NULL, NULL)",
)


def require(path: Path, condition: str, table: str = "p") -> None:
    catalog = read_catalog(make(path, *SCRIPT) if not path.exists() else path)
    tables = tuple(replace(item, filter=condition) if item.name == table else item for item in catalog.tables)
    require_filters(path, replace(catalog, tables=tables))


@pytest.mark.parametrize(
    "condition",
    [
        "id > 1",
        "at >= date('2024-01-01') -- this year",
        "date(at, '+1 day') > '2024-01-01' AND strftime('%Y', at) = '2024'",
        "EXISTS (SELECT 1 FROM c WHERE c.p = p.id AND s <> ';')",
        "id IN (1, 2) /* two */",
        "0",
    ],
)
def test_an_expression_is_taken(tmp_path: Path, condition: str) -> None:
    require(tmp_path / "a.db", condition)


@pytest.mark.parametrize(
    ("condition", "what"),
    [
        ("id >", "SQLite refuses it"),
        ("nope = 1", "no such column"),
        ("id = ?", "SQLite refuses it"),
        ("count(*) > 1", "SQLite refuses it"),
        ("1) OR (1", "more than one expression"),
        ("1; DELETE FROM p", "more than one expression"),
        ("(id > 1", "not closed"),
        ("id > 1 /* open", "SQLite refuses it"),
        ("", "SQLite refuses it"),
        ("at > date('now', '-90 days')", "depends on when"),
        ("at > datetime('2024-01-01', 'localtime')", "depends on when"),
        ("at > date()", "reads the clock"),
        ("strftime('%Y') = '2024'", "reads the clock"),
        ("at > CURRENT_DATE", "another at every call"),
        ("random() % 2", "another at every call"),
    ],
)
def test_anything_else_is_refused_with_the_reason(tmp_path: Path, condition: str, what: str) -> None:
    with pytest.raises(UsageError, match=what):
        require(tmp_path / "a.db", condition)


def test_the_census_counts_the_rows_that_are_carried(tmp_path: Path) -> None:
    path = make(tmp_path / "a.db", *SCRIPT)
    catalog = read_catalog(path)
    wishes = {"p": "at < '2025' -- old", "c": "s IS NOT 'a'"}
    tables = tuple(replace(table, filter=wishes[table.name]) for table in catalog.tables)
    census = take_census(path, replace(catalog, tables=tables))
    parents, children = census.table("p"), census.table("c")
    assert (parents.rows, parents.rows_left_out, parents.rowid_max) == (2, 1, 3)
    assert (children.rows, children.rows_left_out) == (3, 1)
    assert (children.column("s").texts, children.column("s").nulls) == (2, 1)
    # 30 lost its parent to the filter; 10, whose parent stays, is not carried itself.
    assert children.orphans == (1,)


def test_a_filter_reads_the_table_itself_whatever_it_is_called(tmp_path: Path) -> None:
    """The count of rows without a parent names things of its own, which a filter must not meet."""
    path = make(tmp_path / "a.db", *SCRIPT)
    catalog = read_catalog(path)
    wishes = {"p": "id IN (SELECT c.p FROM c) AND id > 1", "c": "p IN (SELECT id FROM p WHERE at > '2024')"}
    tables = tuple(replace(table, filter=wishes[table.name]) for table in catalog.tables)
    require_filters(path, replace(catalog, tables=tables))
    assert take_census(path, replace(catalog, tables=tables)).table("c").orphans == (0,)


def test_rows_of_a_whole_table_have_no_condition(tmp_path: Path) -> None:
    catalog = read_catalog(make(tmp_path / "a.db", 'CREATE TABLE "a""b" (x)'))
    assert rows_of(catalog.tables[0]) == '"main"."a""b" NOT INDEXED'
