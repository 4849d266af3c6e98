"""One index in the place of two that begin alike (Chaudhuri and Narasayya, Index Merging, ICDE 1999).

Three statements that range over the same date and read different columns would each get an index of their own; one that
carries what all of them read serves the three for little more than the room of one, and a write keeps up one index
instead of three.  The invariant: whatever an index served, the merged one serves without going to the table.
"""

from __future__ import annotations

from dataclasses import replace

from pgraduate.tune.indexes.catalog import Catalog
from pgraduate.tune.indexes.definition import Definition

MOST_CARRIED = 8
CARRIED_BYTES = 128
"""Beyond this an index comes near a second copy of its table."""


def merged(one: Definition, other: Definition, catalog: Catalog) -> Definition | None:
    """Give the index with the longer keys that carries what both do, None where neither begins with the other's keys."""
    same_rows = (one.schema, one.table, one.where) == (other.schema, other.table, other.where)
    if not same_rows or one.method != "btree" or other.method != "btree":
        return None
    longer, shorter = (one, other) if len(one.keys) >= len(other.keys) else (other, one)
    if longer.keys[: len(shorter.keys)] != shorter.keys:
        return None
    carried = tuple(sorted({*longer.include, *shorter.include} - set(longer.columns)))
    table = catalog.table(one.schema, one.table)
    assert table is not None, "candidates are made from the catalog's tables"
    width = sum(table.columns[name].width for name in carried)
    fits = len(carried) <= MOST_CARRIED and width <= CARRIED_BYTES
    return replace(longer, include=carried) if fits else None
