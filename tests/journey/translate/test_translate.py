"""The verb `translate` as a user calls it: what it prints, its exit codes, and that nothing else is touched."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from support.cli import environment, pgraduate
from support.pgcatalog import snapshot
from support.sources import fingerprint, make_shop

from pgraduate.cli.app import group


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return make_shop(tmp_path / "data" / "shop.db", purchases=30)


def test_a_statement_without_tables_needs_no_database(tmp_path: Path) -> None:
    result = pgraduate("translate", "SELECT 'a' AS one", cwd=tmp_path)
    assert result.code == 0
    assert result.out == "SELECT 'a' AS \"one\";\n"


def test_what_is_refused_is_listed_with_its_hint_and_counts(tmp_path: Path) -> None:
    result = pgraduate("translate", "SELECT 1 AS x; SELECT a FROM t; PRAGMA journal_mode", "--json", cwd=tmp_path)
    assert result.code == 3
    document = result.document
    assert document["totals"] == {"statements": 3, "translated": 1, "not_translated": 2}
    assert [item["translated"] for item in document["statements"]] == [True, False, False]
    assert "--schema" in document["statements"][1]["hint"]


def test_tables_come_from_the_database_and_it_stays_as_it_is(shop: Path, tmp_path: Path) -> None:
    before = fingerprint(shop.parent)
    statement = "SELECT name FROM spent JOIN customer USING (name) WHERE active"
    result = pgraduate("translate", statement, "--schema", shop, "--explain", cwd=tmp_path)
    assert result.code == 0, result.out + result.err
    assert f"-- {statement}\n" in result.out
    assert '"shop"."spent"' in result.out
    assert fingerprint(shop.parent) == before


def test_text_that_is_not_sqlites_spoils_its_own_statement_alone(tmp_path: Path) -> None:
    result = pgraduate("translate", "SELECT 1; SELECT \\d", "--json", cwd=tmp_path)
    assert result.code == 3
    assert result.document["totals"] == {"statements": 2, "translated": 1, "not_translated": 1}
    assert "'\\\\'" in result.document["statements"][1]["construct"]


def test_classes_of_parameters_let_a_statement_be_translated(tmp_path: Path) -> None:
    result = pgraduate("translate", "SELECT ? + 1 AS x", "-p", "integer", "--json", cwd=tmp_path)
    assert result.code == 0
    assert result.document["statements"][0]["parameters"] == ["?1"]


def test_statements_are_read_from_standard_input() -> None:
    done = CliRunner().invoke(
        group, ["translate", "-q", "-f", "-"], input="SELECT 1 AS a;\nSELECT 2 AS b;", standalone_mode=False
    )
    assert done.return_value == 0
    assert done.output.count(";\n") == 2


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("-- nothing",),
        ("SELECT 1", "-f", "x.sql"),
        ("-f", "missing.sql"),
        ("SELECT 1", "--sequence"),
        ("SELECT 1", "--show-values"),
        ("SELECT ?", "-p", "number"),
        ("SELECT 1", "--check"),
        ("SELECT 1", "--compare", "shop.db", "--check"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(arguments: tuple[str, ...], tmp_path: Path) -> None:
    result = pgraduate("translate", *arguments, "--json", cwd=tmp_path)
    assert (result.code, result.document["error"]["code"]) == (2, "USAGE")


def test_a_target_with_the_run_accepts_the_translations(shop: Path, target: str, tmp_path: Path) -> None:
    assert pgraduate("run", shop, "--to", target, cwd=tmp_path).code == 0
    before = snapshot(target)
    script = "SELECT * FROM spent; UPDATE product SET price = price + 1; CREATE VIEW v AS SELECT id FROM product"
    result = pgraduate("translate", script, "--schema", shop, "--check", "--to", target, "--json", cwd=tmp_path)
    assert result.code == 0, result.out
    assert [item["check"]["accepted"] for item in result.document["statements"]] == [True] * 3
    assert snapshot(target) == before


def test_what_the_target_refuses_turns_the_exit_code(shop: Path, target: str, tmp_path: Path) -> None:
    assert pgraduate("run", shop, "--to", target, cwd=tmp_path).code == 0
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute("ALTER TABLE shop.product RENAME COLUMN title TO headline")
    script = "SELECT title FROM product"
    result = pgraduate("translate", script, "--schema", shop, "--check", "--to", target, "--json", cwd=tmp_path)
    assert result.code == 4
    assert result.document["statements"][0]["check"]["sqlstate"] == "42703"


def test_a_target_without_the_run_is_nothing_to_check_against(shop: Path, target: str, tmp_path: Path) -> None:
    arguments = ("SELECT title FROM product", "--schema", shop, "--check", "--to", target)
    result = pgraduate("translate", *arguments, "--json", cwd=tmp_path)
    assert (result.code, result.document["error"]["code"]) == (5, "REFUSED")


SCRIPT = """
SELECT name, purchases FROM spent ORDER BY name;
UPDATE product SET price = price * 2 WHERE id % 2 RETURNING id;
INSERT INTO purchase(customer_id, product_id) VALUES (1, 1);
DELETE FROM customer WHERE id < 10;
EXPLAIN QUERY PLAN SELECT 1;
"""


def test_a_comparison_touches_neither_the_file_nor_the_target(shop: Path, target: str, tmp_path: Path) -> None:
    assert pgraduate("run", shop, "--to", target, cwd=tmp_path).code == 0
    catalog, files, rows = snapshot(target), fingerprint(shop.parent), _rows(target)
    (tmp_path / "script.sql").write_text(SCRIPT)
    result = pgraduate("translate", "--compare", shop, "-f", "script.sql", "--to", target, "--json", cwd=tmp_path)
    assert result.code == 0, result.out
    totals = {"statements": 5, "identical": 4, "not_translated": 1, "different": 0}
    assert result.document["totals"] == totals
    assert (snapshot(target), fingerprint(shop.parent), _rows(target)) == (catalog, files, rows)


def test_an_empty_target_is_empty_again_behind_a_comparison(shop: Path, target: str, tmp_path: Path) -> None:
    before = snapshot(target)
    result = pgraduate("translate", "SELECT date('now') > '2000'", "--compare", shop, "--to", target, cwd=tmp_path)
    assert result.code == 0, result.out + result.err
    assert snapshot(target) == before


def test_a_difference_turns_the_exit_code_and_shows_no_value(shop: Path, target: str, tmp_path: Path) -> None:
    row = "('secret@example.org', 'n', 1)"
    statement = f"INSERT OR FAIL INTO customer(email, name, active) VALUES {row}, {row}"
    arguments = ("translate", statement, "--compare", shop, "--to", target, "--json")
    document = pgraduate(*arguments, cwd=tmp_path).document
    assert document["exit_code"] == 4
    (item,) = document["statements"]
    assert item["comparison"]["outcome"] == "different"
    assert item["comparison"]["difference"]["aspect"] == "state"
    assert "secret" not in str(item["comparison"])


def test_a_foreign_schema_of_that_name_is_left_alone(shop: Path, target: str, tmp_path: Path) -> None:
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA pgraduate_scratch")
    before = snapshot(target)
    result = pgraduate("translate", "SELECT 1", "--compare", shop, "--to", target, "--json", cwd=tmp_path)
    assert (result.code, result.document["error"]["code"]) == (5, "REFUSED")
    assert snapshot(target) == before


SLOW = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) SELECT max(i) FROM n"


def test_what_a_killed_comparison_left_is_removed_by_the_next(shop: Path, target: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pgraduate", "translate", SLOW, "--compare", str(shop), "--to", target, "-q"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment(), stdin=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while not _scratch_stands(target):
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.05)
        process.kill()
    assert _scratch_stands(target)
    assert pgraduate("translate", "SELECT 1", "--compare", shop, "--to", target, cwd=tmp_path).code == 0
    assert not _scratch_stands(target)


def _scratch_stands(target: str) -> bool:
    with psycopg.connect(target) as connection:
        row = connection.execute("SELECT to_regclass('pgraduate_scratch.purchase') IS NOT NULL").fetchone()
    return bool(row and row[0])


_TABLES = ("shop.customer", "shop.product", "shop.purchase", "pgraduate.run")


def _rows(target: str) -> list[list[tuple[object, ...]]]:
    with psycopg.connect(target) as connection:
        return [connection.execute(f"SELECT * FROM {name} ORDER BY 1".encode()).fetchall() for name in _TABLES]
