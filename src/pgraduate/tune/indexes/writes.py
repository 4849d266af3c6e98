"""What an index costs when rows are written, in the planner's units.

Each inserted row brings an entry into each index that holds it.  An update is cheap while it is heap-only (HOT): it
touches no index as long as none of them speaks of a changed column.  The first index that does makes every such update
write an entry into *every* index of its table (measured: 15,000 of 15,000 heap-only before, none after).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pgraduate.tune.indexes.accesses import Write
from pgraduate.tune.indexes.catalog import Catalog, Table
from pgraduate.tune.indexes.definition import Definition

ENTRY_COST: Mapping[str, float] = {"btree": 1.0, "gin": 3.0, "brin": 0.05}
"""One entry, in units of a sequentially read page: 100,000 rows into 0, 1, 3 and 6 indexes took 0.70, 1.10, 3.9 and
5.7 s, 4 to 10 µs an entry, which is what such a page takes."""
_LOST_HOT_PAGE = 1.0
"""A row's new version that is not heap-only stays until VACUUM comes: its place in the table is written too."""


@dataclass(frozen=True, slots=True)
class Writes:
    """How many rows one kind of statement writes within the workload."""

    write: Write
    rows: float


@dataclass(frozen=True, slots=True)
class WriteCost:
    """`lost_hot` is the number of updates that would no longer be heap-only."""

    cost: float
    rows: float
    lost_hot: float


def write_cost(definition: Definition, writes: Sequence[Writes], catalog: Catalog) -> WriteCost:
    """Count what the workload's writes would pay for an index."""
    table = catalog.table(definition.schema, definition.table)
    if table is None:
        return WriteCost(0.0, 0.0, 0.0)
    entry = ENTRY_COST.get(definition.method, 1.0)
    touched = columns_of(definition)
    standing = catalog.indexes_of(table)
    indexed = {name for index in standing for name in _columns_in(index.columns, index.predicate, table)}
    cost = lost = entries = 0.0
    for item in writes:
        if item.write.table.oid != table.oid or item.write.kind == "delete":
            continue
        held = item.rows * definition.rows
        if item.write.kind == "insert":
            entries += held
            cost += held * entry
            continue
        changed = set(item.write.columns)
        already_cold = bool(changed & indexed)
        hot = 0.0 if already_cold else table.hot_share
        entries += held * (1 - hot)
        cost += held * (1 - hot) * entry
        if changed & touched and hot:
            # Every update of the column loses, whichever rows the index holds: an entry in each index, a page.
            newly = item.rows * hot
            lost += newly
            entries += newly
            cost += newly * (len(standing) + entry + _LOST_HOT_PAGE)
    return WriteCost(cost, entries, lost)


def columns_of(definition: Definition) -> set[str]:
    """Give every column whose change touches the index: keys, carried ones, and those of its condition."""
    names = {*definition.columns, *definition.include}
    for text in [key.sql for key in definition.keys if key.column is None] + [definition.where or ""]:
        names |= _quoted(text)
    return names


def _columns_in(columns: Sequence[str], predicate: str | None, table: Table) -> set[str]:
    """An expression as the server writes it names its columns somewhere; too many names only make it careful."""
    text = " ".join([*columns, predicate or ""])
    return {name for name in table.columns if name in text}


def _quoted(text: str) -> set[str]:
    parts = text.split('"')
    return set(parts[1::2])
