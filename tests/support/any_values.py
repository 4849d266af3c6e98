"""Values of any storage class in the text form of the compat type any_value, for statements that tests write."""

from __future__ import annotations

import math
from decimal import Decimal


def text_form(value: int | float | str | bytes) -> str:
    """Write a value as the server writes it, a real with a point and by the digits of number_of."""
    if isinstance(value, str):
        text = value.replace("\\", "\\\\").replace('"', '""')
        return f'(2,0,"{text}","\\\\x")'
    if isinstance(value, bytes):
        return f'(3,0,"","\\\\x{value.hex()}")'
    return f'(1,{_number(value)},"","\\\\x")'


def _number(value: int | float) -> str:
    if isinstance(value, int):
        return str(value)
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value.is_integer() and abs(value) < 2**73:
        return f"{int(value)}.0"
    digits = f"{value:.14e}"
    if abs(value) >= 1.7976e308 or float(digits) != value:
        digits = f"{value:.16e}"
    plain = format(Decimal(digits).normalize(), "f")
    return plain if "." in plain else f"{plain}.0"
