"""Numbers and truth values on their way into integer types, double precision, numeric and boolean.

A number arrives as exactly the number that it was, or not at all.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal

from pgraduate.copy.encoders.refusal import Encoder, NotRepresentable


def narrow_integer(bits: int) -> Encoder:
    """Make the encoder for an integer type of less than 64 bits."""
    limit = 1 << (bits - 1)

    def encode(value: int) -> int:
        if not -limit <= value < limit:
            raise NotRepresentable(f"an integer beyond {bits} bits")
        return value

    return encode


def whole_or_double(value: int | float) -> float:
    """Encode a number for double precision; an integer beyond its 53 bits must still be exact."""
    double = float(value)
    if isinstance(value, int) and int(double) != value:
        raise NotRepresentable("an integer that double precision cannot hold exactly")
    return double


def number(scale: int | None) -> Encoder:
    """Make the encoder for numeric; `scale` is the type's, None where it has none."""

    def encode(value: int | float) -> Decimal:
        if isinstance(value, int):
            return Decimal(value)
        if math.copysign(1.0, value) < 0 and value == 0.0:
            raise NotRepresentable("a negative zero, which numeric does not have")
        exact = Decimal(repr(value))
        if scale is not None and _digits_after_point(exact) > scale:
            raise NotRepresentable(f"a number with more than {scale} digits after the point")
        return exact

    return encode


def _digits_after_point(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def scale_of(type_name: str) -> int | None:
    """Read the scale out of the name of a numeric type."""
    found = re.search(r"\(\s*\d+\s*(?:,\s*(-?\d+)\s*)?\)", type_name)
    return int(found[1] or 0) if found else None


def boolean(value: int) -> bool:
    if value == 1:
        return True
    if value == 0:
        return False
    raise NotRepresentable("an integer other than 0 and 1")


def decimal(detail: str) -> Encoder:
    """Make the encoder for a double that is the decimal of at most p digits, s of them after the point."""
    precision, scale = (int(part) for part in detail.split(","))
    exact, bound = number(scale), 10 ** (precision - scale)

    def encode(value: float) -> Decimal:
        if not -bound < value < bound:
            raise NotRepresentable(f"a number of more than {precision - scale} digits before the point")
        return exact(value)  # type: ignore[no-any-return]

    return encode
