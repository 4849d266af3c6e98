"""Which texts of a workload could be tuned at all."""

from __future__ import annotations

import pytest

from pgraduate.workload.fingerprint import works_on_rows


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1",
        "  (select 1) UNION (select 2)",
        "/* app: shop */ SELECT 1",
        "-- by the page of orders\nWITH a AS (SELECT 1) SELECT * FROM a",
        "insert into t values (1)",
        "Values(1)",
    ],
)
def test_what_reads_or_writes_rows(text: str) -> None:
    assert works_on_rows(text)


@pytest.mark.parametrize(
    "text", ["", "BEGIN", "LOCK TABLE t", "VACUUM t", "SET x = 1", "selected", "/* SELECT */ BEGIN", "-- SELECT 1"]
)
def test_what_does_not(text: str) -> None:
    assert not works_on_rows(text)
