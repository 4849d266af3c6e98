"""A summary of block ranges is offered for a large table in the order of a column that only grows, and for no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgraduate.tune.indexes.accesses import Access
from pgraduate.tune.indexes.candidates import BRIN_PAGES, candidates_of
from pgraduate.tune.indexes.catalog import Column, Table
from pgraduate.tune.indexes.definition import Definition
from pgraduate.tune.indexes.sizes import estimated_bytes
from pgraduate.tune.indexes.terms import Term

AT = Column("at", "timestamp without time zone", "", True, 0.0, 8, 1e6, 1.0)
GROWING = Table(1, "s", "log", 1e6, BRIN_PAGES, BRIN_PAGES * 8192, 0, 0, {"at": AT})


def _brin(table: Table) -> list[Definition]:
    access = Access(table, ranges=[Term('"at"', "at")])
    found = [item for item in candidates_of(access, lambda *_: None, ()) if isinstance(item, Definition)]
    return [item for item in found if item.method == "brin"]


def test_a_large_table_that_only_grows_gets_one() -> None:
    (definition,) = _brin(GROWING)
    assert definition.body() == 'ON "s"."log" USING brin ("at")'
    assert estimated_bytes(definition, GROWING) < 40_000


@pytest.mark.parametrize(
    "table",
    [
        replace(GROWING, pages=BRIN_PAGES - 1),
        replace(GROWING, updates=50_000),
        replace(GROWING, columns={"at": replace(AT, correlation=0.5)}),
    ],
    ids=["small", "updated", "out of order"],
)
def test_no_other_table_gets_one(table: Table) -> None:
    assert _brin(table) == []
