"""How the rows of a merged table read from one source: references followed, keys moved, in the table's columns.

Everything here is SQL over a source's own table, called `x`; nothing is written and nobody is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import apsw

from pgraduate.merge.shape import Shape, UniqueKey
from pgraduate.model.names import fold_name
from pgraduate.sqlite.names import quote


@dataclass(slots=True)
class Settled:
    """How a table's rows read in the merge; `shifts` by the source's place."""

    name: str
    shape: Shape
    identity: tuple[str, ...]
    single: bool
    integers: bool
    """The table has a key of one column, and it gives numbers of its own."""
    follows: dict[str, str]
    """Folded column to the folded table whose keys it holds."""
    shifts: dict[int, int] = field(default_factory=dict)
    dropped: list[UniqueKey] = field(default_factory=list)

    def place_of(self, column: str) -> int:
        return [fold_name(item.name) for item in self.shape.loaded].index(fold_name(column))


class Reading:
    """Works on a connection with the sources attached as s0, s1 … and the lines in `maps.line`."""

    def __init__(self, connection: apsw.Connection, tables: Mapping[str, Settled]) -> None:
        self._connection = connection
        self._tables = tables

    def expression(self, table: Settled, share: int, column: str) -> str:
        """Write a column of the merged table as it reads from a row `x` of one source, references followed."""
        number, origin = table.place_of(column), table.shape.origins[share]
        name = origin.columns[number]
        if name is None:
            return origin.fills[number]
        value, place = f"x.{quote(name)}", table.shape.shares[share].place
        parent = table.follows.get(fold_name(column))
        if parent is None:
            return value
        target = self._tables[parent]
        shift = target.shifts.get(place, 0)
        moved = f"CASE typeof({value}) WHEN 'integer' THEN {value} + {shift} ELSE {value} END" if shift else value
        if not self._has_lines(place, parent):
            return moved
        # The plus takes the column's affinity away, so that 5 and '5' stay two keys.
        found = (
            f"SELECT l.new_value FROM maps.line AS l WHERE l.place = {place} AND l.tbl = {text_literal(parent)}"
            f" AND l.old_value = +{value}"
        )
        return f"CASE WHEN {value} IS NULL THEN NULL ELSE coalesce(({found}), {moved}) END"

    def _has_lines(self, place: int, table: str) -> bool:
        query = "SELECT EXISTS (SELECT 1 FROM maps.line WHERE place = ? AND tbl = ?)"
        return bool(self._connection.execute(query, (place, table)).get)

    def raw(self, table: Settled, share: int, column: str) -> str:
        name = table.shape.origins[share].columns[table.place_of(column)]
        return "NULL" if name is None else f"x.{quote(name)}"

    def rows(self, table: Settled, share: int) -> str:
        """Write the select of one source's rows as they become, v0, v1 …, with their raw identity, o0, o1 …"""
        raw = [f"{self.raw(table, share, name)} AS o{place}" for place, name in enumerate(table.identity)]
        items = [
            f"{self.expression(table, share, column.name)} AS v{place}"
            for place, column in enumerate(table.shape.loaded)
        ]
        origin, place = table.shape.origins[share], table.shape.shares[share].place
        return f"SELECT {', '.join([*raw, *items])} FROM s{place}.{quote(origin.table)} AS x NOT INDEXED"

    def alike(self, table: Settled, one: str, other: str) -> str:
        """Write that two rows are alike in value and class; their own key does not count."""
        own = {fold_name(table.identity[0])} if table.single else set()
        tests = [
            f"typeof({one}.v{place}) = typeof({other}.v{place}) AND {one}.v{place} IS {other}.v{place} COLLATE BINARY"
            for place, column in enumerate(table.shape.loaded)
            if fold_name(column.name) not in own
        ]
        return " AND ".join(tests) or "1"

    def references(self, table: Settled) -> list[tuple[int, str, str]]:
        """List the columns that hold the table's keys, itself included: file, column, table."""
        return [
            (other.shape.shares[number].place, name, origin.table)
            for other in self._tables.values()
            for column, parent in other.follows.items()
            if parent == table.name
            for number, origin in enumerate(other.shape.origins)
            if (name := origin.columns[other.place_of(column)]) is not None
        ]


def literal(items: Sequence[str]) -> str:
    """Write the text by which a key stands in pgraduate.merged_row."""
    # quote() ends a text at its first NUL; such a text is written by its bytes.
    return " || ',' || ".join(
        f"CASE WHEN typeof({item}) = 'text' AND instr({item}, char(0)) > 0"
        f" THEN 'CAST(X''' || hex({item}) || ''' AS TEXT)' ELSE quote({item}) END"
        for item in items
    )


def text_literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
