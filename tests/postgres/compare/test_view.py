"""Comparing what a view answers on both sides."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from support.plans import make_source

from pgraduate.compare.view import compare_view
from pgraduate.model.representation import Representation
from pgraduate.model.result import ViewResult
from pgraduate.sqlite import open_sealed


def compare(
    connection: psycopg.Connection, tmp_path: Path, sqlite: str, postgres: str, **representations: str
) -> ViewResult:
    """Compare a view `v` that is defined by one query on each side."""
    source = make_source(tmp_path / "a.db", f"CREATE VIEW v AS {sqlite}")
    connection.execute(f"CREATE SCHEMA app; CREATE VIEW app.v AS {postgres}")
    sealed = open_sealed(source)
    parsed = {name: Representation.parse(text) for name, text in representations.items()}
    result = compare_view(connection, sealed, "v", "app", "v", parsed, source="a")
    sealed.close()
    return result


@pytest.mark.parametrize(
    ("sqlite", "postgres", "representations"),
    [
        ("SELECT 5 AS x", "SELECT 5 AS x", {}),
        ("SELECT 5 AS x", "SELECT 5.0::float8 AS x", {}),
        ("SELECT 5 AS x", "SELECT 5.00::numeric AS x", {}),
        ("SELECT 5.0 AS x", "SELECT 5::bigint AS x", {}),
        ("SELECT 0.1 AS x", "SELECT 0.1::numeric AS x", {}),
        ("SELECT 1 AS x", "SELECT true AS x", {}),
        ("SELECT 1 AS x", "SELECT true AS x", {"x": "boolean"}),
        ("SELECT 'yes' AS x", "SELECT true AS x", {"x": "boolean_text:no/yes"}),
        ("SELECT '2024-01-02T03:04:00Z' AS x", "SELECT timestamp '2024-01-02 03:04' AS x",
         {"x": "timestamp:YYYY-MM-DDTHH:MM:SSZ"}),
        ("SELECT '2024-01-02 03:04:00' AS x", "SELECT timestamp '2024-01-02 03:04' AS x", {}),
        ("SELECT 60 AS x", "SELECT timestamp '1970-01-01 00:01' AS x", {"x": "epoch:s"}),
        ("SELECT '2024-01-02' AS x", "SELECT date '2024-01-02' AS x", {}),
        ("SELECT x'00ff' AS x", "SELECT '\\x00ff'::bytea AS x", {}),
        ("SELECT NULL AS x", "SELECT NULL::int AS x", {}),
        ("SELECT 'a' || char(0) AS x", "SELECT 'a\ufffd' AS x", {}),
        ("SELECT 12 AS x UNION ALL SELECT x'ab' UNION ALL SELECT 9e999",
         "SELECT unnest(ARRAY['12', '\\xab', 'Infinity']) AS x", {"x": "any_text:NUMERIC"}),
        ("SELECT 12 AS x UNION ALL SELECT x'ab'", "SELECT unnest(ARRAY['12', '\\xab'::bytea]) AS x",
         {"x": "any_bytes"}),
        ("SELECT 'a' || char(0) AS x", "SELECT '\\x6100'::bytea AS x", {"x": "any_bytes"}),
        ("SELECT CAST(x'61ff' AS TEXT) AS x", "SELECT 'a\ufffd' AS x", {}),
        ("SELECT 1.0 / 3 AS x", "SELECT 0.33333333333333333333333::numeric AS x", {}),
        ("SELECT 1e30 AS x", "SELECT 1e30::numeric AS x", {}),
        ("SELECT 1 AS x UNION ALL SELECT 2", "SELECT unnest(ARRAY[2, 1]) AS x", {}),
        ("SELECT 1 AS \"a b\", 2 AS \"\"", "SELECT 1 AS a_b, 2 AS unnamed", {}),
    ],
)  # fmt: skip
def test_answers_of_equal_meaning_are_equal(
    sqlite: str,
    postgres: str,
    representations: dict[str, str],
    connection: psycopg.Connection,
    tmp_path: Path,
) -> None:
    result = compare(connection, tmp_path, sqlite, postgres, **representations)
    assert (result.error, result.differing, result.within_tolerance) == (None, 0, 0)
    assert result.rows_source == result.rows_target > 0


@pytest.mark.parametrize(
    ("sqlite", "postgres"),
    [
        ("SELECT 5 AS x", "SELECT '5' AS x"),
        ("SELECT '5' AS x", "SELECT 5 AS x"),
        ("SELECT 5 AS x", "SELECT 6 AS x"),
        ("SELECT NULL AS x", "SELECT '' AS x"),
        ("SELECT 1 AS x UNION ALL SELECT 1", "SELECT 1 AS x"),
        ("SELECT 'a' AS x", "SELECT '\\x61'::bytea AS x"),
        ("SELECT 5 / 2.0 AS x", "SELECT 5 / 2 AS x"),
        ("SELECT 1.00000000001 AS x", "SELECT 1.0::float8 AS x"),
    ],
)
def test_answers_of_another_meaning_differ(
    sqlite: str, postgres: str, connection: psycopg.Connection, tmp_path: Path
) -> None:
    result = compare(connection, tmp_path, sqlite, postgres)
    assert (result.error, result.differing) == (None, 1)


def test_sums_of_doubles_in_another_order_are_counted_apart(connection: psycopg.Connection, tmp_path: Path) -> None:
    result = compare(connection, tmp_path, "SELECT 0.6 AS x", "SELECT 0.1::float8 + 0.2 + 0.3 AS x")
    assert (result.differing, result.within_tolerance) == (0, 1)


def test_texts_of_a_utf16_source_are_compared(connection: psycopg.Connection, tmp_path: Path) -> None:
    source = make_source(
        tmp_path / "a.db", "PRAGMA encoding = 'UTF-16le'; CREATE VIEW v AS SELECT 'é' AS x, 1 AS y"
    )
    connection.execute("CREATE SCHEMA app; CREATE VIEW app.v AS SELECT 'é' AS x, 1 AS y")
    sealed = open_sealed(source)
    result = compare_view(connection, sealed, "v", "app", "v", {})
    sealed.close()
    assert result == ViewResult("", "v", 1, 1, 0, 0)


def test_a_view_that_sqlite_cannot_answer_is_said(connection: psycopg.Connection, tmp_path: Path) -> None:
    result = compare(connection, tmp_path, "SELECT abs(-9223372036854775808) AS x", "SELECT 1 AS x")
    assert result.error is not None
    assert result.error.startswith("SQLite does not answer")


def test_a_view_that_postgresql_cannot_answer_is_said_without_values(
    connection: psycopg.Connection, tmp_path: Path
) -> None:
    postgres = "SELECT x::int AS x FROM (VALUES ('secret')) AS t(x)"
    result = compare(connection, tmp_path, "SELECT 1 AS x", postgres)
    assert result.error == "PostgreSQL does not answer: 22P02 InvalidTextRepresentation"


def test_another_number_of_columns_is_said(connection: psycopg.Connection, tmp_path: Path) -> None:
    assert compare(connection, tmp_path, "SELECT 1, 2", "SELECT 1").error == "2 columns became 1"


@pytest.mark.parametrize(
    ("sqlite", "postgres", "differing", "reordered"),
    [
        ("SELECT group_concat(x, '; ') AS s FROM (SELECT 'a' AS x UNION ALL SELECT 'b')", "SELECT 'b; a' AS s", 0, 1),
        ("SELECT group_concat(x, '; ') AS s FROM (SELECT 'a' AS x UNION ALL SELECT 'b')", "SELECT 'b, a' AS s", 1, 0),
        ("SELECT group_concat(x) AS s FROM (SELECT 'a' AS x UNION ALL SELECT 'b')", "SELECT 'a,b,b' AS s", 1, 0),
        ("SELECT 'a,b' AS s", "SELECT 'b,a' AS s", 1, 0),
    ],
)  # fmt: skip
def test_only_what_an_aggregate_joins_may_stand_in_another_order(
    sqlite: str, postgres: str, differing: int, reordered: int, connection: psycopg.Connection, tmp_path: Path
) -> None:
    result = compare(connection, tmp_path, sqlite, postgres)
    assert (result.error, result.differing, result.reordered) == (None, differing, reordered)


def test_what_depends_on_the_moment_is_counted_apart(connection: psycopg.Connection, tmp_path: Path) -> None:
    result = compare(connection, tmp_path, "SELECT julianday('now') AS j", "SELECT 1.5::float8 AS j")
    assert (result.error, result.differing, result.unsteady) == (None, 0, 1)
