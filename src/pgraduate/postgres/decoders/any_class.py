"""Cells of any class, read back from a type that holds them all, and from the bytes that keep a cell."""

from __future__ import annotations

import re
from typing import Any

from pgraduate.model.cell import Cell, raw_text, unreadable
from pgraduate.postgres.decoders.numbers import BEYOND, LEAST, integer
from pgraduate.postgres.decoders.reading import Decode

_SPACE = " \t\n\v\f\r"
_LITERAL = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?)(\d+))?", re.ASCII)


def by_affinity(affinity: str) -> Decode:
    """Make the natural reading of a text: what SQLite's affinity makes of it when it is stored."""
    if affinity == "TEXT":
        return lambda text: text

    def decode(text: str) -> Cell:
        found = _LITERAL.fullmatch(text.strip(_SPACE))
        if found is None or not (found[2] or found[3]):
            return text
        whole = affinity != "REAL" and _whole_literal(*found.groups("")) is not None
        return integer(text) if whole else _real(text)

    return decode


def _whole_literal(sign: str, before: str, after: str, exponent_sign: str, exponent: str) -> int | None:
    """Give the 64-bit integer that a decimal literal is, without ever building an enormous number."""
    digits = (before + after).lstrip("0")
    if not digits:
        return 0
    stripped = digits.rstrip("0")
    size = exponent.lstrip("0") or "0"
    if len(size) > 9:
        return None
    shift = (-int(size) if exponent_sign == "-" else int(size)) - len(after) + len(digits) - len(stripped)
    if shift < 0 or len(stripped) + shift > 19:
        return None
    value = int(stripped) * 10**shift * (-1 if sign == "-" else 1)
    return value if LEAST <= value < BEYOND else None


def _real(text: str) -> Cell:
    """Read a double from its shortest text; any other text was no double's."""
    if text in ("Infinity", "-Infinity"):
        return float(text)
    if len(text) <= _LONGEST_SHORTEST and _FINITE.fullmatch(text) and repr(value := float(text)) == text:
        return value
    return unreadable(("real", text))


_FINITE = re.compile(r"-?[0-9]+(\.[0-9]+)?(e[+-][0-9]+)?")
_LONGEST_SHORTEST = 24
"""Characters of -2.2250738585072014e-308, the longest shortest text of a double."""


def class_of_text(text: str, name: str) -> Cell:
    match name:
        case "integer":
            return integer(text)
        case "real":
            return _real(text)
        case "text":
            return text
        case "blob" if _BLOB.fullmatch(text):
            return bytes.fromhex(text[2:])
        case _:
            return unreadable((name, text))


_BLOB = re.compile(r"\\x([0-9a-f]{2})*")


def class_of_bytes(stored: bytes, name: str) -> Cell:
    """Read a cell from the bytes that keep it, by the class that was kept with them."""
    if name == "blob":
        return stored
    try:
        text = stored.decode()
    except UnicodeDecodeError:
        return raw_text(stored) if name == "text" else unreadable((name, stored))
    return class_of_text(text, name)


def stands_for(value: Any, quarantined: bytes) -> bool:
    """Say whether a column's value is what a text in quarantine leaves there: U+FFFD for what could not stand.

    Which of its three encodings the source had is not known here, and a change of the value matches none.
    """
    text = value.decode(errors="replace") if isinstance(value, bytes) else value
    return any(
        quarantined.decode(encoding, "replace").replace("\0", "\ufffd") == text
        for encoding in ("utf_8", "utf_16_le", "utf_16_be")
    )
