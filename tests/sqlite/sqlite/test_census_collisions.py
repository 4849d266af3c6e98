"""Keys whose values arrive in one form, and children whose parents PostgreSQL would not find."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pgraduate.model.census import Census
from pgraduate.sqlite import read_catalog, take_census


def census_of(directory: Path, script: str) -> Census:
    path = directory / "app.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
    return take_census(path, read_catalog(path))


@pytest.mark.parametrize(
    ("declared", "values", "expected"),
    [
        ("", "(5), ('5')", 1),
        ("", "(5), ('6'), (x'37')", 0),
        ("", "('\\x35'), (x'35')", 1),
        ("", "(1.5), ('1.5')", 1),
        ("", "(9e999), ('Infinity')", 1),
        ("", "(1), (2.0), (NULL), (NULL)", 0),
        ("", "(1152921504606847000), (1152921504606846976.0)", 1),
        ("BLOB", "('5'), (x'35')", 1),
        ("BLOB", "('\\x35'), (x'35')", 0),
        ("TEXT", "('a' || char(0)), ('a' || char(65533))", 1),
        ("TEXT", "('a' || char(0)), ('b')", 0),
        ("TEXT", "(CAST(x'61ff' AS TEXT)), (CAST(x'61fe' AS TEXT))", 1),
        ("TEXT COLLATE NOCASE", "('a' || char(0)), ('A' || char(65533))", 1),
    ],
)
@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le"])
def test_forms_that_more_than_one_row_shares_are_counted(
    tmp_path: Path, declared: str, values: str, expected: int, encoding: str
) -> None:
    if encoding != "UTF-8" and "CAST" in values:
        values = "(CAST(x'610000d8' AS TEXT)), (CAST(x'610001d8' AS TEXT))"
    script = f"PRAGMA encoding = '{encoding}'; CREATE TABLE t (k {declared} UNIQUE); INSERT INTO t VALUES {values};"
    assert sum(census_of(tmp_path, script).table("t").collisions.values()) == expected


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ("gone IS NULL", 0),
        ("gone IS NULL -- those that are left", 0),
        ("gone IS NOT NULL", 0),
        ("gone >= 0 OR gone IS NULL", 1),
        # SQLite's length ends at the NUL and PostgreSQL's does not: they may choose other rows.
        ("length(k) = 1", 1),
        ("gone IS NULL AND \"K\" > 'b'", 1),
    ],
)
def test_a_partial_index_is_judged_by_the_rows_that_it_holds(tmp_path: Path, predicate: str, expected: int) -> None:
    script = f"""
        CREATE TABLE t (k TEXT, gone INTEGER);
        CREATE UNIQUE INDEX t_k ON t (k) WHERE {predicate}
        ;INSERT INTO t VALUES ('a' || char(0), NULL), ('a' || char(65533), 1);
    """
    assert sum(census_of(tmp_path, script).table("t").collisions.values()) == expected


def test_a_predicate_by_a_function_of_the_application_counts_every_row(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.create_function("own", 1, lambda value: value == 1, deterministic=True)
        connection.executescript("""
            CREATE TABLE t (k TEXT, gone INTEGER);
            CREATE UNIQUE INDEX t_k ON t (k) WHERE own(gone);
            INSERT INTO t VALUES ('a' || char(0), NULL), ('a' || char(65533), 1);
        """)
    assert take_census(path, read_catalog(path)).table("t").collisions == {"t_k": 1}


@pytest.mark.parametrize(
    ("declared", "parent", "child", "expected"),
    [
        ("TEXT COLLATE NOCASE", "'Ada'", "'ada'", 1),
        ("TEXT COLLATE NOCASE", "'Ada'", "'Ada'", 0),
        ("TEXT COLLATE RTRIM", "'x '", "'x'", 1),
        ("NUMERIC", "5", "'05'", 1),
        ("NUMERIC", "5", "'5'", 0),
    ],
)
def test_children_whose_parent_only_sqlite_finds_are_counted(
    tmp_path: Path, declared: str, parent: str, child: str, expected: int
) -> None:
    counts = census_of(
        tmp_path,
        f"CREATE TABLE p (k {declared} UNIQUE); CREATE TABLE c (k TEXT REFERENCES p (k));"
        f"INSERT INTO p VALUES ({parent}); INSERT INTO c VALUES ({child}), (NULL);",
    ).table("c")
    assert (counts.orphans, counts.unmatched) == ((0,), (expected,))
