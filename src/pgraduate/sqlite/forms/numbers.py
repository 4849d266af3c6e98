"""Whether a number comes back in its value and its class from numeric, with or without a precision."""

from __future__ import annotations

from pgraduate.sqlite.forms.values import Check, Value


def is_number(value: Value) -> bool:
    """Whether NUMERIC affinity's reading of the number gives back its class: a whole real would become an integer
    unless it lies outside 64 bits."""
    if isinstance(value, float):
        return not (value.is_integer() and -(2.0**63) <= value < 2.0**63)
    return isinstance(value, int)


def decimal_by(digits: int, scale: int) -> Check:
    bound = 10 ** (digits - scale)

    def matches(value: Value) -> bool:
        if not isinstance(value, float) or not -bound < value < bound or (value == 0.0 and str(value)[0] == "-"):
            return False
        return round(value, scale) == value

    return matches


def numeric_by(digits: int, scale: int) -> Check:
    """Whether numeric(digits, scale) holds the number without rounding, and gives back its class."""
    bound = 10 ** (digits - scale)

    def matches(value: Value) -> bool:
        if not is_number(value) or isinstance(value, (str, bytes)) or not -bound < value < bound:
            return False
        # Correctly rounded: equal exactly if the shortest text of the real has at most `scale` decimals.
        return isinstance(value, int) or round(value, scale) == value

    return matches
