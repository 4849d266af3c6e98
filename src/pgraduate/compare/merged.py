"""Comparing a merged table with the sources themselves: every row of every file, read under the recorded mapping.

Nothing of the merge's own work is read but its record in the target.  The record is held against the sources as
well: a row that is said to be alike with another one must equal it, and one that was left behind must name a row
that stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files

import apsw
import psycopg

from pgraduate.compare.canonical import digest, encode, row_digest
from pgraduate.compare.drilldown import drill_down
from pgraduate.compare.source import SourceRows
from pgraduate.compare.target import TargetRows
from pgraduate.model.cell import Cell, Cells
from pgraduate.model.merge import Merge, MergedTable, Origin
from pgraduate.model.plan import TablePlan
from pgraduate.model.result import RowDifference, TableResult

Lines = dict[tuple[str, str], dict[str, tuple[str, str]]]
"""By source and table: a row's old key to its new one and its fate."""


@cache
def _script(name: str) -> str:
    return files("pgraduate.compare").joinpath("sql", f"{name}.sql").read_text("utf-8")


def read_lines(connection: psycopg.Connection, run_id: str) -> Lines:
    """Read what a run recorded of single rows; memory is bounded by the rows whose place another one has."""
    lines: Lines = {}
    for source, table, old, new, fate in connection.execute(_script("merged_rows"), {"run": run_id}):
        lines.setdefault((source, table), {})[old] = (new, fate)
    return lines


def compare_merged(
    connection: psycopg.Connection,
    parts: Mapping[str, apsw.Connection],
    table: TablePlan,
    merge: Merge,
    lines: Lines,
    result: TableResult,
    *,
    show_values: bool = False,
) -> TableResult:
    """Compare a table with all its sources, and give the result with what differs between them."""
    merged = next((item for item in merge.tables if item.name == table.source), None)
    if merged is None:
        return result
    loaded = replace(
        table,
        columns=tuple(column for column in table.columns if column.source in merged.columns),
        rowid_alias=None,
        without_rowid=True,
    )
    sources = MergedRows(parts, loaded, merged, merge, lines)
    with connection.transaction():
        target = TargetRows(connection, loaded)
        unfounded = sources.unfounded()
        if digest(sources.cells()) == digest(target.cells()) and not unfounded:
            return result
        drilled = drill_down(sources, target, loaded, show_values=show_values)
    said = tuple(RowDifference(f"{source}: {key}", "left out without cause") for source, key in unfounded[:100])
    return replace(
        result,
        differing=max(result.differing, drilled.differing + len(unfounded)),
        differences=(result.differences or drilled.differences + said)[:100],
    )


class MergedRows:
    """The rows that a merged table must have, as its sources hold them."""

    def __init__(
        self,
        parts: Mapping[str, apsw.Connection],
        table: TablePlan,
        merged: MergedTable,
        merge: Merge,
        lines: Lines,
    ) -> None:
        self._parts = parts
        self._table = table
        self._merged = merged
        self._merge = merge
        self._lines = lines
        places = {name: place for place, name in enumerate(merged.columns)}
        self._order = [places[column.source] for column in table.columns]
        self._identity = [places[name] for name in merged.identity]
        self._follows = {places[follow.column]: follow.table for follow in merged.follows}

    def cells(self) -> Iterator[Cells]:
        for origin in self._merged.origins:
            lines = self._lines.get((origin.source, self._merged.name), {})
            for raw in self._read(origin):
                if not lines or self._key(raw) not in lines:
                    yield self._ordered(self._moved(raw, origin.source))

    def named(self) -> Iterator[tuple[Cells, str | None]]:
        return ((cells, None) for cells in self.cells())

    def unfounded(self) -> list[tuple[str, str]]:
        """Name the rows that were left out although the record's reason does not hold, by source and key."""
        alike: dict[bytes, tuple[str, str]] = {}
        taken: dict[str, tuple[str, str]] = {}
        absent: list[tuple[str, str]] = []
        for origin in self._merged.origins:
            lines = dict(self._lines.get((origin.source, self._merged.name), {}))
            if not lines:
                continue
            for raw in self._read(origin):
                key = self._key(raw)
                line = lines.pop(key, None)
                if line is None:
                    continue
                row = list(self._moved(raw, origin.source))
                if self._merged.single_key:
                    row[self._identity[0]] = parsed(line[0])
                if line[1] == "same":
                    alike[row_digest(tuple(row))] = (origin.source, key)
                else:
                    taken[line[0]] = (origin.source, key)
            absent += [(origin.source, key) for key in lines]
        if alike or taken:
            for origin in self._merged.origins:
                lines = self._lines.get((origin.source, self._merged.name), {})
                for raw in self._read(origin):
                    if self._key(raw) not in lines:
                        row_cells = self._moved(raw, origin.source)
                        alike.pop(row_digest(row_cells), None)
                        taken.pop(self._key(row_cells), None)
        return [*absent, *alike.values(), *taken.values()]

    def _read(self, origin: Origin) -> Iterator[Cells]:
        """Stream one source's rows in the record's order of columns, not yet moved."""
        by_name = {column.source: column for column in self._table.columns}
        held = [
            replace(by_name[name], source=own)
            for name, own in zip(self._merged.columns, origin.columns, strict=True)
            if own is not None
        ]
        plan = replace(self._table, source=origin.table, columns=tuple(held), rowid_alias=None, without_rowid=True)
        fills = [
            None if own is not None else parsed(fill)
            for own, fill in zip(origin.columns, origin.fills, strict=True)
        ]
        lacks = [own is None for own in origin.columns]
        if not any(lacks):
            yield from SourceRows(self._parts[origin.source], plan).cells()
            return
        for cells in SourceRows(self._parts[origin.source], plan).cells():
            stored = iter(cells)
            yield tuple(fill if lack else next(stored) for fill, lack in zip(fills, lacks, strict=True))

    def _moved(self, raw: Cells, source: str) -> Cells:
        if not self._follows:
            return raw
        cells = list(raw)
        for place, parent in self._follows.items():
            cells[place] = self._led(cells[place], source, parent)
        return tuple(cells)

    def _led(self, cell: Cell, source: str, parent: str) -> Cell:
        """Give where a key of another table, or the row's own, leads now."""
        if cell is None:
            return None
        lines = self._lines.get((source, parent))
        if lines:
            whole = int(cell) if isinstance(cell, float) and cell.is_integer() else cell
            line = lines.get(literal((whole,)))
            if line is not None:
                return parsed(line[0])
        if isinstance(cell, int):
            table = next(item for item in self._merge.tables if item.name == parent)
            origin = table.origin(source)
            return cell + (origin.shift if origin else 0)
        return cell

    def _key(self, raw: Cells) -> str:
        return literal(tuple(raw[place] for place in self._identity)) if self._identity else ""

    def _ordered(self, cells: Cells) -> Cells:
        return tuple(cells[place] for place in self._order)


def literal(cells: Sequence[Cell]) -> str:
    """Write a key as it stands in the record: SQLite's literals, separated by commas."""
    return ",".join(map(_literal, cells))


def _literal(cell: Cell) -> str:
    if isinstance(cell, str):
        return (
            f"CAST(X'{cell.encode().hex().upper()}' AS TEXT)"
            if "\0" in cell
            else "'" + cell.replace("'", "''") + "'"
        )
    if isinstance(cell, bytes):
        return f"X'{cell.hex().upper()}'"
    if isinstance(cell, float):
        # SQLite's own rounding of a double's text is no other language's.
        return str(_calculator().execute("SELECT quote(?)", (cell,)).get)
    if isinstance(cell, tuple):
        return (
            f"CAST(X'{bytes(cell[1]).hex().upper()}' AS TEXT)"
            if isinstance(cell[1], bytes)
            else repr(encode((cell,)))
        )
    return "NULL" if cell is None else str(cell)


def parsed(text: str) -> Cell:
    """Read one literal of the record."""
    value: Cell = _calculator().execute(f"SELECT {text}").get
    return value


@cache
def _calculator() -> apsw.Connection:
    return apsw.Connection(":memory:")
