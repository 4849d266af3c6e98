"""Why statements are slow: each reason planted, found, and said without a literal."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from support.server import PrivateServer
from support.tuning import SECRET, fill

from pgraduate.tune.indexes.accesses import read_statement
from pgraduate.tune.indexes.catalog import read_catalog
from pgraduate.tune.statements.reasons import Reason, reasons_of


@pytest.fixture(scope="module")
def shop(server: PrivateServer) -> Iterator[psycopg.Connection]:
    with server.database() as target:
        fill(target)
        with psycopg.connect(target, autocommit=True) as connection:
            connection.execute(
                "CREATE TABLE shop.pair AS SELECT n % 100 AS a, n % 100 AS b FROM generate_series(1, 200000) AS n"
            )
            connection.execute("ANALYZE shop.pair")
            yield connection


def _reasons(connection: psycopg.Connection, text: str) -> dict[str, Reason]:
    catalog = read_catalog(connection)
    row = connection.execute(b"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + text.encode()).fetchone()
    assert row is not None
    found = reasons_of(row[0][0]["Plan"], text, read_statement(text, catalog), catalog)
    assert SECRET not in str(found)
    return {item.code: item for item in found}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("SEQUENTIAL_SCAN", "SELECT tool FROM shop.call WHERE run_id = 77"),
        ("FUNCTION_ON_COLUMN", f"SELECT id FROM shop.run WHERE lower(owner) = '{SECRET}'"),
        ("LIKE_PREFIX", f"SELECT id FROM shop.run WHERE owner LIKE '{SECRET}%'"),
        ("IMPLICIT_CAST", "SELECT id FROM shop.run WHERE counter = 7.5"),
        ("OFFSET", "SELECT id FROM shop.call ORDER BY id LIMIT 10 OFFSET 5000"),
        ("SPILL", "SELECT id FROM shop.call ORDER BY md5(tool), detail::text"),
        ("MISESTIMATE", "SELECT count(*) FROM shop.pair WHERE a = 7 AND b = 7"),
    ],
)
def test_a_planted_reason_is_found(shop: psycopg.Connection, code: str, text: str) -> None:
    with shop.transaction():
        shop.execute("SET LOCAL work_mem = '64kB'")
        shop.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        assert code in _reasons(shop, text)


def test_a_table_that_was_never_analyzed_is_not_taken_for_an_empty_one(shop: psycopg.Connection) -> None:
    with shop.transaction(force_rollback=True):
        shop.execute("CREATE TABLE shop.fresh AS SELECT n AS id FROM generate_series(1, 60000) AS n")
        assert "SEQUENTIAL_SCAN" in _reasons(shop, "SELECT id FROM shop.fresh WHERE id = 77")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT tool FROM shop.call WHERE id = 77",
        "SELECT id FROM shop.call ORDER BY id LIMIT 10",
        "SELECT count(*) FROM shop.run WHERE status = 'completed'",
    ],
)
def test_a_healthy_statement_has_no_reason(shop: psycopg.Connection, text: str) -> None:
    assert _reasons(shop, text) == {}
