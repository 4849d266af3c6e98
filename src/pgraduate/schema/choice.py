"""A chosen type, with what speaks for it."""

from __future__ import annotations

from dataclasses import dataclass

from pgraduate.model.census import ColumnCensus
from pgraduate.model.representation import Representation

EXACT_IN_DOUBLE = 2**53
"""Whole numbers up to here stand in a double precision exactly (IEEE 754, 53 bits of significand)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """`proof` counts the stored values that convert there and back; `refuses` names writes that would now fail."""

    type: str
    representation: Representation
    reason: str
    proof: int = 0
    refuses: tuple[str, ...] = ()
    keeps_class: bool = False


def proven(census: ColumnCensus, name: str) -> bool:
    """Tell whether every stored value converts there and back; a column without values proves nothing.

    `name` is a key of `ColumnCensus.conversions`.
    """
    return census.values > 0 and census.conversions.get(name, 0) == census.values


def integers_fit_double(census: ColumnCensus) -> bool:
    low, high = census.integer_min or 0, census.integer_max or 0
    return low >= -EXACT_IN_DOUBLE and high <= EXACT_IN_DOUBLE
