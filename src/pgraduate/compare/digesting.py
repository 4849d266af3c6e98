"""How the two sides of one table are digested alike: in which order, and with which form of a text.

Decoding long or non-ASCII texts only to encode them again is half of the work of a comparison, so that tables with long
rows have their texts compared as the bytes that they are stored as.  The invariant: a form follows from the plan and
from what stands in the target, never from the moment, so that two digests of one table can be compared later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from pgraduate.compare.canonical import Digest, digest, ordered_digest
from pgraduate.model.cell import Cells
from pgraduate.model.plan import TablePlan
from pgraduate.model.representation import Rule

LONG = 1024
"""Bytes of a table's longest row from which on its texts are compared as bytes."""


@dataclass(frozen=True, slots=True)
class Form:
    """`ordered`: both sides come in the order of the rowid.  `undecoded`: texts are compared as bytes."""

    ordered: bool
    undecoded: bool


class Side(Protocol):
    def cells(self) -> Iterator[Cells]: ...

    def undecoded(self) -> Iterator[Cells]: ...


def take_digest(rows: Side, table: TablePlan, form: Form, tell: Callable[[int], None] | None = None) -> Digest:
    """Digest one side of a table; `tell` hears how many rows have been read."""
    cells = rows.undecoded() if form.undecoded else rows.cells()
    return ordered_digest(cells, tell, together=_together(table)) if form.ordered else digest(cells, tell)


def _together(table: TablePlan) -> int:
    """Give the number of rows that may be encoded at once: memory holds so many of the longest."""
    return max(1, min(_MOST_ROWS, _MOST_BYTES // table.longest)) if table.longest else 1


_MOST_ROWS, _MOST_BYTES = 64, 256 * 1024
"""More rows at once saved no time."""


def texts_as_bytes(table: TablePlan) -> frozenset[int]:
    """Give the places of the columns whose texts may be compared by their UTF-8 bytes: they hold nothing else."""
    return frozenset(
        place
        for place, column in enumerate(table.columns)
        if column.representation.rule is Rule.TEXT and not column.quarantines
    )
