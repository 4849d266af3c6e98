"""Values of any storage class on their way into a type that holds them all."""

from __future__ import annotations

import math
from decimal import Decimal


def any_text(value: int | float | str | bytes) -> str:
    """Write a value of any class as text, in the form that `Rule.ANY_TEXT` defines."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, float) and math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return repr(value)


def any_value(value: int | float | str | bytes) -> str:
    """Write a value of any class as the server writes the compat type any_value, a real with a point."""
    if isinstance(value, str):
        text = value.replace("\\", "\\\\").replace('"', '""')
        return f'(2,0,"{text}","\\\\x")'
    if isinstance(value, bytes):
        return f'(3,0,"","\\\\x{value.hex()}")'
    return f'(1,{_with_class(value)},"","\\\\x")'


def _with_class(value: int | float) -> str:
    if isinstance(value, int) or math.isinf(value):
        return any_text(value)
    digits = format(int(value) if value.is_integer() and abs(value) < 2**63 else Decimal(repr(value)), "f")
    return digits if "." in digits else f"{digits}.0"


def any_bytes(value: int | float | str | bytes) -> bytes:
    return value if isinstance(value, bytes) else any_text(value).encode()
