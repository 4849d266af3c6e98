"""Values of any storage class on their way into text or bytea, which do not say what they were."""

from __future__ import annotations

import math


def any_text(value: int | float | str | bytes) -> str:
    """Write a value of any class as text, in the form that `Rule.ANY_TEXT` defines."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, float) and math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return repr(value)


def any_bytes(value: int | float | str | bytes) -> bytes:
    return value if isinstance(value, bytes) else any_text(value).encode()
