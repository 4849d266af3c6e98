"""Cells read back from the compat type any_value, as strictly as the type's equality is.

Two rows of the type are equal only if each of their members is, so that a value counts as what SQLite held only where
the members it does not use are empty and its number is written by the very digits that the compat functions give it.
"""

from __future__ import annotations

import re
from decimal import Decimal

from pgraduate.model.cell import Cell, unreadable
from pgraduate.postgres.decoders.numbers import integer

_BEHIND_NUMBER = r',"","\\x")'
_BEFORE_TEXT, _BEHIND_TEXT = "(2,0,", r',"\\x")'
_BEFORE_BLOB, _BEHIND_BLOB = r'(3,0,"","\\x', '")'
"""What the server writes around the one member that a class uses: a composite's text, in quotes where it must be."""

_DOUBLED = re.compile(r'""|\\\\')
_REAL = re.compile(r"-?[0-9]{1,309}\.[0-9]{1,400}")


def read_any_value(form: str) -> Cell:
    """Read the server's text of a value."""
    if form.startswith("(1,") and form.endswith(_BEHIND_NUMBER):
        number = form[3 : -len(_BEHIND_NUMBER)]
        return _real(number) if "." in number or number.endswith("Infinity") else integer(number)
    if form.startswith(_BEFORE_TEXT) and form.endswith(_BEHIND_TEXT):
        member = form[len(_BEFORE_TEXT) : -len(_BEHIND_TEXT)]
        if member.startswith('"'):
            return _DOUBLED.sub(lambda pair: pair[0][0], member[1:-1])
        return member or unreadable(form)  # nothing at all is a NULL within the value
    if form.startswith(_BEFORE_BLOB) and form.endswith(_BEHIND_BLOB):
        return bytes.fromhex(form[len(_BEFORE_BLOB) : -len(_BEHIND_BLOB)])
    return unreadable(form)


def _real(text: str) -> Cell:
    if text in ("Infinity", "-Infinity"):
        return float(text)
    if _REAL.fullmatch(text) is None:
        return unreadable(("real", text))
    value = float(text)
    return value if Decimal(text) == _digits(value) else unreadable(("real", text))


def _digits(value: float) -> Decimal:
    """Give the decimal that stands for a double: a whole one itself, else 15 digits if they name it, or 17."""
    if value.is_integer() and -_EXACT_WITHIN < value < _EXACT_WITHIN:
        return Decimal(value)
    short = f"{value:.14e}"
    return Decimal(short if float(short) == value and abs(value) < _ROUNDED_BEYOND else f"{value:.16e}")


_EXACT_WITHIN = 2**73
"""Whole numbers within are written exactly."""
_ROUNDED_BEYOND = 1.7976e308
"""From here on 15 digits may name what is beyond every double."""
