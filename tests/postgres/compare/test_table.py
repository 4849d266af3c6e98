"""Comparing tables: what counts as different, and how it is named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import psycopg
import pytest
from support.plans import column, make_source, plan, prepare_target, table

from pgraduate.compare.table import compare_table, target_digest
from pgraduate.errors import SourceUnusable
from pgraduate.model.plan import TablePlan
from pgraduate.model.result import TableResult
from pgraduate.sqlite import open_sealed


@contextmanager
def sides(target: str, source: Path, planned: TablePlan) -> Iterator[tuple[psycopg.Connection, apsw.Connection]]:
    prepare_target(target, plan(planned))
    sealed = open_sealed(source)
    with psycopg.connect(target, autocommit=True) as connection:
        yield connection, sealed
    sealed.close()


def named(result: TableResult) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(item.key, item.kind, item.columns) for item in result.differences]


def test_rows_in_another_order_are_equal(target: str, tmp_path: Path) -> None:
    planned = table("t", [column("x", "integer")])
    source = make_source(tmp_path / "a.db", "CREATE TABLE t(x)", {"t": [(1,), (2,), (3,)]})
    with sides(target, source, planned) as (connection, sealed):
        connection.execute("INSERT INTO app.t VALUES (3), (1), (2)")
        assert compare_table(connection, sealed, planned).differing == 0


def test_the_first_hundred_are_named_in_the_order_of_the_key_and_all_are_counted(
    target: str, tmp_path: Path
) -> None:
    planned = table("t", [column("a", "text"), column("b", "integer"), column("x", "text")], key=["a", "b"])
    rows = [(letter, number, "x") for letter in "ba" for number in range(200)]
    source = make_source(tmp_path / "a.db", "CREATE TABLE t(a, b, x)", {"t": rows})
    with sides(target, source, planned) as (connection, sealed):
        result = compare_table(connection, sealed, planned)
    assert result.differing == 400
    assert [item.key for item in result.differences] == [f"a='a', b={number}" for number in range(100)]
    assert {item.kind for item in result.differences} == {"missing"}


def test_every_kind_of_difference_is_named(target: str, tmp_path: Path) -> None:
    planned = table("t", [column("id", "integer"), column("x", "text"), column("y", "real")], key=["id"])
    source = make_source(
        tmp_path / "a.db", "CREATE TABLE t(id, x, y)", {"t": [(1, "a", 1.0), (2, "b", 2.0), (3, "c", 3.0)]}
    )
    with sides(target, source, planned) as (connection, sealed):
        connection.execute("INSERT INTO app.t VALUES (1, 'A', 1.5), (3, 'c', 3), (4, 'd', 4)")
        result = compare_table(connection, sealed, planned)
    assert named(result) == [("id=1", "changed", ("x", "y")), ("id=2", "missing", ()), ("id=4", "unexpected", ())]
    assert (result.differing, result.cells) == (3, 9)


def test_a_column_that_the_source_does_not_have_is_no_text(target: str, tmp_path: Path) -> None:
    planned = table("t", [column("absent", "text")])
    source = make_source(tmp_path / "a.db", "CREATE TABLE t(x)", {"t": [("a",)]})
    with (
        sides(target, source, planned) as (connection, sealed),
        pytest.raises(SourceUnusable, match="no such column"),
    ):
        compare_table(connection, sealed, planned)


def test_the_snapshot_goes_on_after_a_difference_at_the_start_of_a_large_table(target: str, tmp_path: Path) -> None:
    planned = table("t", [column("id", "integer"), column("x", "text")], key=["id"])
    script = (
        "CREATE TABLE t(id, x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
    )
    source = make_source(tmp_path / "a.db", f"{script} INSERT INTO t SELECT i, hex(zeroblob(100)) FROM n")
    with sides(target, source, planned) as (connection, sealed):
        connection.execute(
            "INSERT INTO app.t SELECT i, repeat('00', 100 + (i = 1)::int) FROM generate_series(1, 20000) AS i"
        )
        with connection.transaction():
            result = compare_table(connection, sealed, planned)
            assert connection.execute("SELECT 1").fetchone() == (1,)
    assert named(result) == [("id=1", "changed", ("x",))]


def test_rows_of_a_table_without_a_key_are_named_by_their_place(target: str, tmp_path: Path) -> None:
    planned = table("t", [column("x", "text")])
    source = make_source(tmp_path / "a.db", "CREATE TABLE t(x)", {"t": [("a",), ("a",), ("b",)]})
    with sides(target, source, planned) as (connection, sealed):
        connection.execute("INSERT INTO app.t VALUES ('a'), ('b'), ('c')")
        result = compare_table(connection, sealed, planned)
    assert sorted(named(result)) == [("ctid=(0,3)", "unexpected", ()), ("rowid=1", "missing", ())]
    assert result.differing == 2


def test_all_values_of_a_whole_row_are_shown_on_request(target: str, tmp_path: Path) -> None:
    planned = table("t", [column("id", "integer"), column("x", "text"), column("b", "blob")], key=["id"])
    source = make_source(tmp_path / "a.db", "CREATE TABLE t(id, x, b)", {"t": [(1, "it's", b"\x00")]})
    with sides(target, source, planned) as (connection, sealed):
        result = compare_table(connection, sealed, planned, show_values=True)
    (difference,) = result.differences
    assert (difference.columns, difference.source) == (("id", "x", "b"), ("1", "'it''s'", "x'00'"))
    assert difference.target == ()


def test_a_long_value_is_cut_where_it_is_shown(target: str, tmp_path: Path) -> None:
    planned = table("t", [column("id", "integer"), column("x", "text")], key=["id"])
    source = make_source(tmp_path / "a.db", "CREATE TABLE t(id, x)", {"t": [(1, "long" * 1000)]})
    with sides(target, source, planned) as (connection, sealed):
        result = compare_table(connection, sealed, planned, show_values=True)
    assert len(result.differences[0].source[1]) == 200


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE app.t SET at = 'infinity'",
        "UPDATE app.t SET at = '0044-03-15 BC'",
        "UPDATE app.t SET day = '-infinity'",
        "UPDATE app.t SET e = 'infinity'",
        "UPDATE app.t SET e = e + interval '1 microsecond'",
        "UPDATE app.t SET n = 'NaN'",
        "UPDATE app.t SET n = 1e1000",
        "UPDATE app.t SET n = n + 1e-30",
        "UPDATE app.t SET r = 'NaN'",
        "UPDATE app.t SET a = ' 12'",
        "UPDATE app.t SET q = 'other'",
        "DELETE FROM pgraduate.kept_class",
        "UPDATE pgraduate.kept_class SET class = 'integer'",
        "DELETE FROM pgraduate.quarantine",
        "UPDATE pgraduate.quarantine SET value = value || '\\x00'",
        "INSERT INTO pgraduate.kept_class VALUES ('app', 't', 'r', '{1}', 'text')",
        "INSERT INTO pgraduate.quarantine VALUES ('app', 't', 'r', '{1}', 'text', 'x', 'x')",
    ],
)
def test_what_no_source_could_have_written_is_a_difference_and_no_error(
    statement: str, target: str, tmp_path: Path
) -> None:
    columns = [
        column("id", "integer"), column("at", "timestamp:YYYY-MM-DD HH:MM:SS"), column("day", "date"),
        column("e", "epoch:ms"), column("n", "number"), column("r", "real"), column("a", "any_text:NUMERIC"),
        column("k", "any_text:NUMERIC"), column("q", "text", quarantines=True),
    ]  # fmt: skip
    planned = table("t", columns, key=["id"])
    row = (1, "2024-01-02 03:04:05", "2024-01-02", 5, 2.5, 2.5, 12, "12", "a\x00")
    source = make_source(tmp_path / "a.db", "CREATE TABLE t(id, at, day, e, n, r, a, k, q)", {"t": [row]})
    with sides(target, source, planned) as (connection, sealed):
        connection.execute(
            "INSERT INTO app.t VALUES (1, '2024-01-02 03:04:05', '2024-01-02', '1970-01-01 00:00:00.005', 2.5, 2.5,"
            " '12', '12', 'a\ufffd')"
        )
        connection.execute("INSERT INTO pgraduate.kept_class VALUES ('app', 't', 'k', '{1}', 'text')")
        connection.execute(
            "INSERT INTO pgraduate.quarantine VALUES ('app', 't', 'q', '{1}', 'text', '\\x6100', 'NUL')"
        )
        assert compare_table(connection, sealed, planned).differing == 0
        connection.execute(statement)
        result = compare_table(connection, sealed, planned)
    assert [(item.key, item.kind, len(item.columns)) for item in result.differences] == [("id=1", "changed", 1)]


def test_a_key_of_every_type_finds_its_kept_class(target: str, tmp_path: Path) -> None:
    script = "CREATE TABLE t(d, b, f, r, n, x)"
    source = make_source(tmp_path / "a.db", script, {"t": [("2024-01-02 03:04:05", b"\xff", 1, 1e15, None, 1)]})
    columns = [
        column("d", "timestamp:YYYY-MM-DD HH:MM:SS"), column("b", "blob"), column("f", "boolean"),
        column("r", "real"), column("n", "integer"), column("x", "any_text:TEXT"),
    ]  # fmt: skip
    keyless = table("t", columns)
    with sides(target, source, keyless) as (connection, sealed):
        connection.execute("INSERT INTO app.t VALUES ('2024-01-02 03:04:05', '\\xff', true, 1e15, NULL, '1')")
        connection.execute(
            "INSERT INTO pgraduate.kept_class (schema_name, table_name, column_name, row_key, class, source_rowid)"
            " SELECT 'app', 't', 'x', ARRAY[d::text, b::text, f::text, r::text, n::text, x::text], 'integer', 1"
            " FROM app.t"
        )
        # The session's own settings must not change the text of the key.
        connection.execute("SET DateStyle = 'SQL, DMY'; SET bytea_output = 'escape'; SET extra_float_digits = -5")
        result = compare_table(connection, sealed, keyless)
    assert (result.differing, result.kept_classes) == (0, 1)


def test_equal_rows_without_a_key_each_get_the_lines_of_one_source_row(target: str, tmp_path: Path) -> None:
    planned = table("t", [column("x", "any_text:TEXT"), column("y", "any_text:TEXT")])
    rows = [(1, "2"), ("1", 2), ("1", "2"), (1, 2)]
    source = make_source(tmp_path / "a.db", "CREATE TABLE t(x, y)", {"t": rows})
    lines = [("x", 1), ("y", 2), ("x", 4), ("y", 4)]
    with sides(target, source, planned) as (connection, sealed):
        connection.execute("INSERT INTO app.t SELECT '1', '2' FROM generate_series(1, 4)")
        for name, rowid in lines:
            connection.execute(
                "INSERT INTO pgraduate.kept_class VALUES ('app', 't', %s, '{1,2}', 'integer', %s)", (name, rowid)
            )
        assert compare_table(connection, sealed, planned).differing == 0
        connection.execute("UPDATE pgraduate.kept_class SET source_rowid = 1 WHERE source_rowid = 2")
        assert compare_table(connection, sealed, planned).differing > 0


def test_a_case_insensitive_key_finds_its_kept_class(target: str, tmp_path: Path) -> None:
    planned = table("t", [column("k", "text"), column("k2", "text"), column("x", "any_text:TEXT")], key=["k", "k2"])
    source = make_source(tmp_path / "a.db", "CREATE TABLE t(k, k2, x)", {"t": [("A", "b", 1), ("B", "b", "1")]})
    with sides(target, source, planned) as (connection, sealed):
        if connection.execute("SELECT FROM pg_collation WHERE collname = 'und-x-icu'").fetchone() is None:
            pytest.skip("this server is built without ICU, so it has no collation that ignores case")
        connection.execute(
            "CREATE COLLATION app.nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"
            'ALTER TABLE app.t ALTER k TYPE text COLLATE app.nocase, ALTER k2 TYPE text COLLATE "C";'
            "INSERT INTO app.t VALUES ('A', 'b', '1'), ('B', 'b', '1')"
        )
        connection.execute("INSERT INTO pgraduate.kept_class VALUES ('app', 't', 'x', '{A,b}', 'integer', 1)")
        assert compare_table(connection, sealed, planned).differing == 0


def test_the_digest_of_a_table_changes_with_its_rows_and_comes_back(target: str, tmp_path: Path) -> None:
    planned = table("t", [column("id", "integer"), column("x", "text")], key=["id"])
    source = make_source(tmp_path / "a.db", "CREATE TABLE t(id, x)", {"t": [(1, "a")]})
    with sides(target, source, planned) as (connection, sealed):
        connection.execute("INSERT INTO app.t VALUES (1, 'a')")
        before = target_digest(connection, planned)
        assert before == (1, compare_table(connection, sealed, planned).digest)
        connection.execute("UPDATE app.t SET x = 'b'")
        assert target_digest(connection, planned) != before
        connection.execute("UPDATE app.t SET x = 'a'")
        assert target_digest(connection, planned) == before


def test_a_comparison_leaves_no_settings_and_no_transaction_behind(target: str, tmp_path: Path) -> None:
    planned = table("t", [column("x", "text")])
    source = make_source(tmp_path / "a.db", "CREATE TABLE t(x)")
    with sides(target, source, planned) as (connection, sealed):
        connection.execute("SET TimeZone = 'Asia/Tokyo'")
        compare_table(connection, sealed, planned)
        assert connection.execute("SHOW TimeZone").fetchone() == ("Asia/Tokyo",)
        assert connection.info.transaction_status is psycopg.pq.TransactionStatus.IDLE


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16le", "UTF-16be"])
def test_texts_are_compared_whatever_the_encoding_of_the_source(encoding: str, target: str, tmp_path: Path) -> None:
    planned = table("t", [column("x", "text"), column("q", "text", quarantines=True), column("b", "any_bytes")])
    script = f"PRAGMA encoding = '{encoding}'; CREATE TABLE t(x, q, b)"
    source = make_source(tmp_path / "a.db", script, {"t": [("é\U0001f600", "é", b"\x00")]})
    with sides(target, source, planned) as (connection, sealed):
        connection.execute("INSERT INTO app.t VALUES ('é\U0001f600', 'é', '\\x00')")
        assert compare_table(connection, sealed, planned).differing == 0
