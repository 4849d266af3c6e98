"""Naming the rows that differ, when two digests disagree.

Both sides' (key, digest) pairs go into a private SQLite file on disk, where equal rows cancel out; what is left is
grouped by key.  Memory holds a hundred differences, whatever the tables' size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, zip_longest
from typing import Any, Protocol

import apsw

from pgraduate.compare.canonical import encode, row_digest
from pgraduate.compare.scratch import scratch
from pgraduate.model.cell import Cell, Cells
from pgraduate.model.plan import TablePlan
from pgraduate.model.result import RowDifference

NAMED = 100
"""Differences that are named; all are counted."""

SHOWN = 200
"""Characters of a value or a key that are shown."""


@dataclass(frozen=True, slots=True)
class Drilldown:
    """`missing`, `unexpected` and `changed` count every row that differs by its kind."""

    differing: int
    differences: tuple[RowDifference, ...]
    missing: int = 0
    unexpected: int = 0
    changed: int = 0


class Rows(Protocol):
    """A side of the comparison that can be streamed again and again."""

    def cells(self) -> Iterator[Cells]: ...

    def named(self) -> Iterator[tuple[Cells, str | None]]: ...


@dataclass(frozen=True, slots=True)
class _Difference:
    """A row that differs, by the digests of its two forms; None where a side has no such row."""

    source: bytes | None
    target: bytes | None


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is remembered of a row that is to be named: its key, its cells' digests, and their text if shown."""

    key: str
    cells: tuple[bytes, ...]
    values: tuple[str, ...]


def drill_down(source: Rows, target: Rows, table: TablePlan, *, show_values: bool) -> Drilldown:
    """Count the rows that differ, and name the first hundred by key with the columns concerned."""
    key = tuple(place for place, column in enumerate(table.columns) if column.source in table.key)
    with scratch(f"CREATE TABLE side (sign INTEGER, digest BLOB, key BLOB{_sort_columns(len(key))})") as sides:
        _collect(sides, source, target, key)
        differing, named, kinds = _count(sides, len(key))
    names = tuple(column.source for column in table.columns)
    of_source = _look_up(source, {item.source for item in named}, names, key, show_values)
    of_target = _look_up(target, {item.target for item in named}, names, key, show_values)
    described = tuple(_described(item, of_source, of_target, names, show_values) for item in named)
    return Drilldown(differing, described, *kinds)


def _collect(sides: apsw.Connection, source: Rows, target: Rows, key: tuple[int, ...]) -> None:
    """Write one line per row of either side; `sign` is 1 for the source and -1 for the target.

    A table without a key has each row's digest as its key, so that its rows are missing or
    unexpected, never changed.
    """
    marks = "?, ?, ?" + ", ?" * len(key)
    with sides:
        for sign, rows in ((1, source), (-1, target)):
            sides.executemany(
                f"INSERT INTO side VALUES ({marks})", (_line(sign, cells, key) for cells in rows.cells())
            )


def _sort_columns(count: int) -> str:
    return "".join(f", k{place}" for place in range(count))


def _line(sign: int, cells: Cells, key: tuple[int, ...]) -> tuple[Any, ...]:
    digest = row_digest(cells)
    if not key:
        return sign, digest, digest
    key_cells = tuple(cells[place] for place in key)
    return sign, digest, encode(key_cells), *map(_sortable, key_cells)


def _sortable(cell: Cell) -> int | float | str | bytes | None:
    return encode((cell,)) if isinstance(cell, tuple) else cell


def _count(sides: apsw.Connection, key_columns: int) -> tuple[int, list[_Difference], tuple[int, int, int]]:
    """Let equal rows cancel out, and count what is left; return the first by key and the counts by kind as well."""
    order = "".join(f"min(k{place}), " for place in range(key_columns))
    unequal = sides.execute(
        "SELECT key, digest, sum(sign) FROM side GROUP BY key, digest HAVING sum(sign) <> 0"
        f" ORDER BY {order}key, digest"
    )
    differing = all_missing = all_unexpected = all_changed = 0
    named: list[_Difference] = []
    for _, lines in groupby(unequal, key=_first):
        missing: list[bytes] = []
        unexpected: list[bytes] = []
        gone = come = 0
        for _, digest, copies in lines:
            gone, come = gone + max(copies, 0), come + max(-copies, 0)
            # Copies beyond what could be named are counted, not held.
            (missing if copies > 0 else unexpected).extend([digest] * min(abs(copies), NAMED))
            differing += max(0, abs(copies) - NAMED)
        pairs = [_Difference(*pair) for pair in zip_longest(missing, unexpected)]
        differing += len(pairs)
        named += pairs[: NAMED - len(named)]
        all_changed += min(gone, come)
        all_missing += max(gone - come, 0)
        all_unexpected += max(come - gone, 0)
    return differing, named, (all_missing, all_unexpected, all_changed)


def _first(line: tuple[Any, ...]) -> Any:
    return line[0]


def _look_up(
    rows: Rows, wanted: set[bytes | None], names: tuple[str, ...], key: tuple[int, ...], show_values: bool
) -> dict[bytes, _Seen]:
    """Read a side once more for the rows that are to be named."""
    missing = wanted - {None}
    seen: dict[bytes, _Seen] = {}
    if not missing:
        return seen
    for cells, place in rows.named():
        digest = row_digest(cells)
        if digest in missing:
            missing.discard(digest)
            seen[digest] = _Seen(
                key=", ".join(f"{names[item]}={shown(cells[item])}" for item in key) if key else place or "",
                cells=tuple(row_digest((cell,)) for cell in cells),
                values=tuple(map(shown, cells)) if show_values else (),
            )
    # The rest is read as well: to stop a COPY half-way is to cancel it, which aborts the snapshot's transaction.
    return seen


def _described(
    item: _Difference,
    of_source: dict[bytes, _Seen],
    of_target: dict[bytes, _Seen],
    names: tuple[str, ...],
    show_values: bool,
) -> RowDifference:
    source = of_source[item.source] if item.source is not None else None
    target = of_target[item.target] if item.target is not None else None
    every = tuple(range(len(names))) if show_values else ()
    if source and target:
        places = tuple(place for place in range(len(names)) if source.cells[place] != target.cells[place])
        key, kind = source.key, "changed"
    elif source:
        places, key, kind = every, source.key, "missing"
    else:
        assert target is not None
        places, key, kind = every, target.key, "unexpected"
    return RowDifference(
        key=key,
        kind=kind,
        columns=tuple(names[place] for place in places),
        source=tuple(source.values[place] for place in places) if source and show_values else (),
        target=tuple(target.values[place] for place in places) if target and show_values else (),
    )


def shown(cell: Cell) -> str:
    """Write a cell as SQLite would write the literal, cut where it is long."""
    if isinstance(cell, bytes):
        text = f"x'{cell[:SHOWN].hex()}'"
    elif isinstance(cell, str):
        text = "'" + cell[:SHOWN].replace("'", "''") + "'"
    elif isinstance(cell, tuple):
        text = f"{cell[0]} {cell[1]!r:.{SHOWN}}"
    else:
        text = "NULL" if cell is None else repr(cell)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
