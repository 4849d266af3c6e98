"""Ranges of rowids: which are still to be copied, and how they are cut for several connections.

The invariant: whatever was done and wherever it is cut, each rowid that is not done lies in exactly one range.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEAST, GREATEST = -(2**63), 2**63 - 1


@dataclass(frozen=True, slots=True)
class Range:
    """The rowids greater than `after`, up to and with `upto`; None where a side is open."""

    after: int | None = None
    upto: int | None = None

    def holds(self, rowid: int) -> bool:
        return (self.after is None or rowid > self.after) and (self.upto is None or rowid <= self.upto)


WHOLE = Range()


def missing(done: Iterable[tuple[int, int]]) -> tuple[Range, ...]:
    """Give what is left of all rowids, ascending, where chunks from a lowest to a highest rowid are done.

    Between two chunks that were copied one after the other lies a range without rows, which costs one look to see.
    """
    found, after = list[Range](), LEAST - 1
    for low, high in sorted(done):
        if low - 1 > after:
            found.append(Range(after if after >= LEAST else None, low - 1))
        after = max(after, high)
    if after < GREATEST:
        found.append(Range(after if after >= LEAST else None, None))
    return tuple(found)


def cut(ranges: Sequence[Range], divisions: Sequence[int], pieces: int) -> tuple[Range, ...]:
    """Cut ranges at some of the divisions, ascending rowids that part the table evenly, into about so many pieces.

    A range in which no division is chosen stays whole.
    """
    inside = [key for key in divisions if any(_parts(part, key) for part in _around(ranges, key))]
    count = min(pieces - 1, len(inside))
    chosen = [inside[len(inside) * number // (count + 1)] for number in range(1, count + 1)]
    found = list[Range]()
    for part in ranges:
        after = part.after
        for key in chosen:
            if _parts(part, key) and key != after:
                found.append(Range(after, key))
                after = key
        found.append(Range(after, part.upto))
    return tuple(found)


def _parts(part: Range, key: int) -> bool:
    """Tell whether there are rowids of a range on both sides of a key."""
    return part.holds(key) and key != (GREATEST if part.upto is None else part.upto)


def _around(ranges: Sequence[Range], key: int) -> Sequence[Range]:
    """Give the one range that may hold a key."""
    place = bisect_left(ranges, key, key=lambda part: GREATEST if part.upto is None else part.upto)
    return ranges[place : place + 1]
