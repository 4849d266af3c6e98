"""Values of any storage class on their way into the compat type any_value, as the binary form of a composite.

The form is that of PostgreSQL's record_recv: the number of members, then of each its type, its length and its bytes, of
numeric_recv for the number.  The members that a class does not use are 0 or empty, as the type's constructors have them,
so that equal values are equal rows.
"""

from __future__ import annotations

import math
from decimal import Decimal
from struct import Struct, pack

from pgraduate.copy.encoders.refusal import NotRepresentable

_INT2, _NUMERIC, _TEXT, _BYTEA = 21, 1700, 25, 17
"""The types' oids, which no server changes (pg_type.dat)."""

_NUMBER, _A_TEXT, _A_BLOB = 1, 2, 3


def _member(oid: int, content: bytes) -> bytes:
    return pack("!Ii", oid, len(content)) + content


def _kind(number: int) -> bytes:
    return pack("!i", 4) + _member(_INT2, pack("!h", number))


_ZERO = _member(_NUMERIC, pack("!hhHh", 0, 0, 0, 0))
_BEFORE_NUMBER = _kind(_NUMBER) + pack("!I", _NUMERIC)
_BEHIND_NUMBER = _member(_TEXT, b"") + _member(_BYTEA, b"")
_BEFORE_TEXT = _kind(_A_TEXT) + _ZERO + pack("!I", _TEXT)
_BEHIND_TEXT = _member(_BYTEA, b"")
_BEFORE_BLOB = _kind(_A_BLOB) + _ZERO + _member(_TEXT, b"") + pack("!I", _BYTEA)

_LENGTH = Struct("!i").pack
_HEAD = Struct("!ihhHh").pack
_POSITIVE, _NEGATIVE, _INFINITE, _MINUS_INFINITE = 0, 0x4000, 0xD000, 0xF000
"""Signs of numeric_recv."""

_EXACT_BELOW = 2.0**73
"""Whole numbers below are written exactly; any other comparison with an INTEGER is decided by size alone."""
_ROUNDED_BEYOND = 1.7976e308
"""From here on 15 digits may name a number beyond every double."""


def any_value(value: int | float | str | bytes) -> bytes:
    """Write a value with its class; raise NotRepresentable for −0.0, which the number in it does not have."""
    if isinstance(value, str):
        text = value.encode()
        return _BEFORE_TEXT + _LENGTH(len(text)) + text + _BEHIND_TEXT
    if isinstance(value, int):
        return _BEFORE_NUMBER + _integer(value) + _BEHIND_NUMBER
    if isinstance(value, float):
        return _BEFORE_NUMBER + _real(value) + _BEHIND_NUMBER
    return _BEFORE_BLOB + _LENGTH(len(value)) + value


def _integer(value: int) -> bytes:
    """Write an INTEGER: a numeric of scale 0."""
    sign, value = (_NEGATIVE, -value) if value < 0 else (_POSITIVE, value)
    if value < 10_000:
        return _HEAD(10, 1, 0, sign, 0) + pack("!H", value) if value else _HEAD(8, 0, 0, _POSITIVE, 0)
    return _written(sign, str(value), "", 0)


def _real(value: float) -> bytes:
    """Write a REAL: a numeric with at least one digit behind the point.

    A whole one is written exactly, so that it compares with any INTEGER as it does in SQLite; any other by its 15 digits
    where they name it, else by 17, as the compat function number_of has it for the same REAL.
    """
    if math.isinf(value):
        return _HEAD(8, 0, 0, _INFINITE if value > 0 else _MINUS_INFINITE, 0)
    if value == 0.0:
        if math.copysign(1.0, value) < 0:
            raise NotRepresentable("a negative zero, which numeric does not have")
        return _HEAD(8, 0, 0, _POSITIVE, 1)
    sign = _NEGATIVE if value < 0 else _POSITIVE
    size = abs(value)
    if size < _EXACT_BELOW and size.is_integer():
        return _written(sign, str(int(size)), "", 1)
    digits = f"{size:.14e}"
    if size >= _ROUNDED_BEYOND or float(digits) != size:
        digits = f"{size:.16e}"
    whole, _, fraction = format(Decimal(digits).normalize(), "f").partition(".")
    return _written(sign, whole, fraction, max(1, len(fraction)))


def _written(sign: int, whole: str, fraction: str, scale: int) -> bytes:
    """Write decimal digits in groups of four, those before the point and those behind it, without groups of zeros at
    either end: what PostgreSQL calls a numeric's digits, weight and display scale."""
    whole = whole.zfill(-(-len(whole) // 4) * 4)
    digits = whole + fraction.ljust(-(-len(fraction) // 4) * 4, "0")
    groups = [int(digits[place : place + 4]) for place in range(0, len(digits), 4)]
    first = next(place for place, group in enumerate(groups) if group)
    while not groups[-1]:
        groups.pop()
    groups = groups[first:]
    head = _HEAD(8 + 2 * len(groups), len(groups), len(whole) // 4 - 1 - first, sign, scale)
    return head + pack(f"!{len(groups)}H", *groups)
