"""Tables with long rows, whose texts are compared as bytes: nothing that differs is taken for equal."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from support.plans import column, make_source, plan, prepare_target, table

from pgraduate.compare.table import compare_table
from pgraduate.compare.target import TargetRows
from pgraduate.model.plan import TablePlan
from pgraduate.model.result import TableResult
from pgraduate.sqlite import open_sealed

LONG = "é" * 30_000
COLUMNS = [column("id", "integer"), column("s", "text"), column("b", "blob"), column("r", "real")]
PLANNED = replace(table("t", COLUMNS, key=["id"], rowid_alias="id"), longest=100_000)
SCRIPT = "CREATE TABLE t (id INTEGER PRIMARY KEY, s, b, r)"


def compared(
    target: str, tmp_path: Path, source: list[tuple[Any, ...]], arrived: list[tuple[Any, ...]], planned: TablePlan
) -> TableResult:
    made = make_source(tmp_path / "a.db", SCRIPT, {"t": source})
    prepare_target(target, plan(planned))
    with psycopg.connect(target, autocommit=True) as connection, closing(open_sealed(made)) as sealed:
        connection.execute("ALTER TABLE app.t ALTER s SET STORAGE EXTERNAL")
        connection.cursor().executemany("INSERT INTO app.t VALUES (%s, %s, %s, %s)", arrived)
        with connection.transaction():
            assert TargetRows(connection, planned).form.undecoded, "the test does not test what it says"
        return compare_table(connection, sealed, planned)


ROW = (2, "naïve", b"\xc3\xa9", 1.5)


@pytest.mark.parametrize("keyed", [True, False])
def test_equal_rows_are_equal(target: str, tmp_path: Path, keyed: bool) -> None:
    planned = PLANNED if keyed else replace(PLANNED, key=(), rowid_alias=None)
    rows = [(1, LONG, None, None), ROW, (3, "", b"", -0.0)]
    assert compared(target, tmp_path, rows, rows, planned).differing == 0


@pytest.mark.parametrize(
    "stored",
    [
        (2, "naive", b"\xc3\xa9", 1.5),
        (2, None, b"\xc3\xa9", 1.5),
        (2, "naïve".encode(), b"\xc3\xa9", 1.5),
        (2, 5, b"\xc3\xa9", 1.5),
        (2, "naïve", "é", 1.5),
        (2, "naïve", b"\xc3\xa9", 1),
    ],
)
def test_another_value_or_class_in_the_source_is_named(
    target: str, tmp_path: Path, stored: tuple[Any, ...]
) -> None:
    result = compared(target, tmp_path, [(1, LONG, None, None), stored], [(1, LONG, None, None), ROW], PLANNED)
    assert [(item.key, item.kind) for item in result.differences] == [("id=2", "changed")]


def test_one_character_of_many_is_found(target: str, tmp_path: Path) -> None:
    changed = LONG[:20_000] + "e" + LONG[20_001:]
    result = compared(target, tmp_path, [(1, LONG, None, None)], [(1, changed, None, None)], PLANNED)
    assert result.differing == 1
