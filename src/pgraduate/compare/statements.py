"""What two engines' answers to one statement differ in: failure, names, values, storage classes or order.

Rows are compared as cells, so 1, 1.0 and '1' are three values; doubles may differ by the order of an aggregate's
additions.  Order counts only where the statement asks for one.  The invariant: a description names places and
classes, and holds values only where they were asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pgraduate.compare.answers import Answer
from pgraduate.compare.canonical import encode
from pgraduate.compare.pairing import close
from pgraduate.model.cell import Cell, Cells
from pgraduate.model.wording import counted


class Aspect(StrEnum):
    ERROR = "error"
    NAMES = "names"
    VALUES = "values"
    CLASSES = "classes"
    ORDER = "order"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Difference:
    """`sqlite` and `postgres` show what each engine answered, '' where values were not asked for."""

    aspect: Aspect
    what: str
    sqlite: str = ""
    postgres: str = ""


def difference(source: Answer, target: Answer, *, ordered: bool, show_values: bool = False) -> Difference | None:
    """Compare SQLite's answer with PostgreSQL's; None where an application could not tell them apart.

    Two failures are the same where their kind is.
    """
    if source.failure is not None or target.failure is not None:
        return _failures(source, target)
    if source.names != target.names:
        return Difference(Aspect.NAMES, "the columns' names differ", _list(source.names), _list(target.names))
    if ordered and len(source.rows) == len(target.rows) and all(map(same_row, source.rows, target.rows)):
        return None
    left, right = unmatched(source.rows, target.rows)
    if not left and not right:
        if not ordered:
            return None
        place = next(
            place for place, pair in enumerate(zip(source.rows, target.rows, strict=True), 1) if not same_row(*pair)
        )
        what = f"the same rows in another order, from row {place} on"
        return Difference(Aspect.ORDER, what, *_shown(source.rows, target.rows, show_values))
    return _rows(source, target, left, right, show_values)


def _failures(source: Answer, target: Answer) -> Difference | None:
    if source.failure is not None and target.failure is not None and source.failure.kind is target.failure.kind:
        return None
    texts = [side.failure.message if side.failure else counted(len(side.rows), "row") for side in (source, target)]
    if source.failure is None:
        what = "PostgreSQL fails"
    elif target.failure is None:
        what = "SQLite fails"
    else:
        what = f"SQLite fails by {source.failure.kind}, PostgreSQL by {target.failure.kind}"
    return Difference(Aspect.ERROR, what, *texts)


def _rows(
    source: Answer, target: Answer, left: Sequence[Cells], right: Sequence[Cells], show_values: bool
) -> Difference:
    shown = _shown(left, right, show_values)
    if len(source.rows) != len(target.rows):
        return Difference(Aspect.VALUES, f"{counted(len(source.rows), 'row')} became {len(target.rows)}", *shown)
    meanings = [Counter(tuple(map(_meaning, row)) for row in rows) for rows in (left, right)]
    if meanings[0] == meanings[1]:
        return Difference(Aspect.CLASSES, f"{counted(len(left), 'row')} differing in the class of a value", *shown)
    return Difference(Aspect.VALUES, f"{len(left)} of {counted(len(source.rows), 'row')} differing", *shown)


def unmatched(source: Sequence[Cells], target: Sequence[Cells]) -> tuple[list[Cells], list[Cells]]:
    """Give the rows of each side that have no equal on the other, whatever their order."""
    counts = Counter(map(encode, source))
    counts.subtract(map(encode, target))
    left = _left_over(source, counts, 1)
    right = _left_over(target, counts, -1)
    for row in list(left):
        match = next((other for other in right if same_row(row, other)), None)
        if match is not None:
            left.remove(row)
            right.remove(match)
    return left, right


def _left_over(rows: Sequence[Cells], counts: Counter[bytes], sign: int) -> list[Cells]:
    left: list[Cells] = []
    for row in rows:
        key = encode(row)
        if counts[key] * sign > 0:
            counts[key] -= sign
            left.append(row)
    return left


def same_row(one: Cells, other: Cells) -> bool:
    """Compare two rows cell by cell, classes included; a double within the tolerance of `pairing`."""
    return len(one) == len(other) and all(map(_same, one, other))


def _same(one: Cell, other: Cell) -> bool:
    if type(one) is not type(other):
        return False
    if isinstance(one, float) and isinstance(other, float):
        return one == other or close((one,), (other,))
    return one == other


def _meaning(cell: Cell) -> str | None:
    """Give a value without its class."""
    if cell is None:
        return None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, bytes):
        return cell.decode("latin-1")
    return cell if isinstance(cell, str) else repr(cell)


SHOWN = 3
"""Rows of each side that a description shows."""


def _shown(source: Sequence[Cells], target: Sequence[Cells], show_values: bool) -> tuple[str, str]:
    return (_some(source), _some(target)) if show_values else (_classes(source), _classes(target))


def _some(rows: Sequence[Cells]) -> str:
    return "; ".join(repr(row) for row in rows[:SHOWN]) + ("; …" if len(rows) > SHOWN else "")


def _classes(rows: Sequence[Cells]) -> str:
    """Show the storage classes of the first row, which are no values."""
    return "(" + ", ".join(_CLASSES.get(type(cell), "unreadable") for cell in rows[0]) + ")" if rows else ""


_CLASSES = {int: "integer", float: "real", str: "text", bytes: "blob", type(None): "null"}


def _list(names: Sequence[str]) -> str:
    return ", ".join(names)
