"""Comparing two multisets of rows in which doubles may differ by the order of an aggregate's additions.

Equal rows cancel out in a private SQLite file; what is left is grouped by everything that is not a number, and
within a group rows are paired whose doubles agree within the tolerance.  Integers never get a tolerance.
"""

from __future__ import annotations

import marshal
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import apsw

from pgraduate.compare.canonical import row_digest
from pgraduate.compare.scratch import scratch
from pgraduate.model.cell import Cell, Cells

TOLERANCE = 1e-12
"""Relative: sums of doubles in another order differ by a few units in the last place, 2e-16 each."""

Numbers = tuple[int | float, ...]

_GREEDY = 1000
"""Rows up to which every one that is left is tried against every other; beyond, sorted neighbours only."""


@dataclass(frozen=True, slots=True)
class Pairing:
    rows_source: int
    rows_target: int
    within_tolerance: int
    """Rows that are equal only within the tolerance."""
    differing: int
    """Rows without an equal on the other side, counted on the side that has more of them."""


def pair(source: Iterable[Cells], target: Iterable[Cells]) -> Pairing:
    """Pair the rows of two sides, whatever their order."""
    with scratch("CREATE TABLE side (sign INTEGER, digest BLOB, rest BLOB, numbers BLOB)") as sides:
        with sides:
            for sign, rows in ((1, source), (-1, target)):
                sides.executemany("INSERT INTO side VALUES (?, ?, ?, ?)", (_line(sign, cells) for cells in rows))
        counts = sides.execute(
            "SELECT count(*) FILTER (WHERE sign = 1), count(*) FILTER (WHERE sign = -1) FROM side"
        )
        rows_source, rows_target = counts.fetchone() or (0, 0)
        within, differing = _pair_rest(sides)
    return Pairing(rows_source, rows_target, within, differing)


def _pair_rest(sides: apsw.Connection) -> tuple[int, int]:
    unequal = sides.execute(
        "SELECT rest, numbers, sum(sign) FROM side GROUP BY rest, digest HAVING sum(sign) <> 0 ORDER BY rest"
    )
    within = only_source = only_target = 0
    for _, lines in groupby(unequal, key=itemgetter(0)):
        left: list[Numbers] = []
        right: list[Numbers] = []
        for _, numbers, copies in lines:
            (left if copies > 0 else right).extend([marshal.loads(numbers)] * abs(copies))
        paired = _pair_numbers(left, right)
        within += paired
        only_source += len(left) - paired
        only_target += len(right) - paired
    return within, max(only_source, only_target)


def _line(sign: int, cells: Cells) -> tuple[int, bytes, bytes, bytes]:
    numbers = tuple(cell for cell in cells if isinstance(cell, (int, float)))
    rest: Cells = tuple(("number", None) if isinstance(cell, (int, float)) else cell for cell in cells)
    same: Cells = tuple(_one_form(cell) for cell in cells)
    return sign, row_digest(same), row_digest(rest), marshal.dumps(numbers, 2)


def _one_form(cell: Cell) -> Cell:
    """Give equal numbers one form: a whole double is the integer of its value."""
    return int(cell) if isinstance(cell, float) and cell.is_integer() else cell


def _pair_numbers(left: Sequence[Numbers], right: Sequence[Numbers]) -> int:
    """Count the pairs within the tolerance: neighbours in sorted order first, then each with each of a few."""
    paired = 0
    rest_left: list[Numbers] = []
    rest_right: list[Numbers] = []
    ascending_left, ascending_right = sorted(left), sorted(right)
    here = there = 0
    while here < len(ascending_left) and there < len(ascending_right):
        one, other = ascending_left[here], ascending_right[there]
        if close(one, other):
            paired, here, there = paired + 1, here + 1, there + 1
        elif one < other:
            rest_left.append(one)
            here += 1
        else:
            rest_right.append(other)
            there += 1
    rest_left += ascending_left[here:]
    rest_right += ascending_right[there:]
    if len(rest_left) <= _GREEDY and len(rest_right) <= _GREEDY:
        for one in rest_left:
            match = next((place for place, other in enumerate(rest_right) if close(one, other)), None)
            if match is not None:
                del rest_right[match]
                paired += 1
    return paired


def close(left: Numbers, right: Numbers) -> bool:
    """Say whether two rows' numbers agree: integers exactly, a double within the relative tolerance."""
    return len(left) == len(right) and all(map(_near, left, right))


def _near(left: int | float, right: int | float) -> bool:
    if isinstance(left, int) and isinstance(right, int):
        return left == right
    return left == right or math.isclose(left, right, rel_tol=TOLERANCE)
