"""Numbers read back from double precision and from numeric, in the class of their natural reading."""

from __future__ import annotations

import re
from fractions import Fraction

from pgraduate.model.cell import Cell, unreadable

LEAST, BEYOND = -(2**63), 2**63


def _whole(value: Fraction) -> int | None:
    """Give the 64-bit integer that a number is, None where it is none."""
    return int(value) if value.denominator == 1 and LEAST <= value < BEYOND else None


def double_number(value: float) -> Cell:
    if value - value != 0.0:  # an infinity or NaN
        return value
    whole = _whole(Fraction(value))
    return value if whole is None else whole


def double_kept(value: float, name: str) -> Cell:
    if name == "real":
        return value
    cell = double_number(value)
    return cell if name == "integer" and isinstance(cell, int) else unreadable((name, value))


def numeric_number(text: str) -> Cell:
    before, _, after = text.partition(".")
    if not after.strip("0") and len(before) <= 20 and before[-1].isdigit():
        whole = int(before)
        if LEAST <= whole < BEYOND:
            return whole
    return numeric_real(text)


def numeric_real(text: str) -> Cell:
    """Read a double whose shortest text is exactly this number; any other number came from no double."""
    value = float(text)
    if text in ("Infinity", "-Infinity"):
        return value
    if len(text) > _LONGEST_DOUBLE or value - value != 0.0 or Fraction(text) != Fraction(repr(value)):
        return unreadable(text)
    return value


_LONGEST_DOUBLE = 2000
"""Characters: 309 digits before the point or 341 after it, and room for the zeros of a wide scale."""


def numeric_kept(text: str, name: str) -> Cell:
    if name == "real":
        return numeric_real(text)
    cell = numeric_number(text)
    return cell if name == "integer" and isinstance(cell, int) else unreadable((name, text))


DIGITS = re.compile(r"0|-?[1-9][0-9]{0,18}")
"""An integer's digits in their one canonical form."""


def integer(text: str) -> Cell:
    """Read an integer's digits in their one canonical form; in any other form the text was no integer's."""
    if DIGITS.fullmatch(text) and LEAST <= (value := int(text)) < BEYOND:
        return value
    return unreadable(("integer", text))
