"""A verification of what the loader copied."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from pgraduate.copy import load
from pgraduate.errors import Refused, TargetUnusable
from pgraduate.model.plan import ObjectPlan, SchemaPlan
from pgraduate.model.result import Verdict
from pgraduate.verify import verify
from support.plans import RUN, column, make_source, plan, prepare_target, table

SCRIPT = "CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT, a); CREATE TABLE k(x TEXT, a)"
ROWS = [(1, "one", 1), (2, "two\x00", 2.5), (3, "three", "4"), (4, "é", b"\x00"), (5, None, None)]


def copied(target: str, tmp_path: Path) -> tuple[Path, SchemaPlan]:
    rows = {"t": ROWS, "k": [row[1:] for row in ROWS] * 2}
    source = make_source(tmp_path / "a.db", SCRIPT, rows)
    cells = [column("x", "text", quarantines=True), column("a", "any_text:NUMERIC", keeps_class=True)]
    planned = plan(
        table("t", [column("id", "integer"), *cells], key=["id"], rowid_alias="id", rows=5),
        table("k", cells, rows=10),
    )
    prepare_target(target, planned)
    load(lambda: psycopg.connect(target), source, planned, RUN)
    return source, planned


def test_what_was_copied_is_equal(target: str, connection: psycopg.Connection, tmp_path: Path) -> None:
    source, planned = copied(target, tmp_path)
    found = verify(connection, source, planned, RUN)
    assert found.verdict is Verdict.EQUAL, found
    keyed, keyless = found.tables
    assert (keyed.rows_source, keyed.cells, keyed.quarantined, keyed.kept_classes) == (5, 15, 1, 2)
    assert (keyless.rows_target, keyless.cells, keyless.quarantined, keyless.kept_classes) == (10, 20, 2, 4)
