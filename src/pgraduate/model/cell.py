"""A cell: the Python value that SQLite's storage class maps to.

The class is the type, so `1`, `1.0`, `'1'` and `x'31'` are four different cells.  What has no such value (a text that
is not valid, a target's value that no source could have written) is a `Marked` cell, equal only to the same mark.
"""

from __future__ import annotations

from typing import Any

Cell = int | float | str | bytes | tuple[str, Any] | None
Marked = tuple[str, Any]
Cells = tuple[Cell, ...]


def raw_text(stored: bytes) -> Marked:
    """Mark the bytes of a text that cannot be decoded or that holds a NUL where none can stand."""
    return ("text", stored)


def unreadable(form: Any) -> Marked:
    """Mark a value of the target that its column's representation cannot have come from."""
    return ("unreadable", form)
