"""A value of a query's result, from the text that the server writes of it back to SQLite's cell.

The invariant: a value that its column's representation could not have produced is a marked cell; it is never coerced.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from pgraduate.model.cell import Cell, unreadable
from pgraduate.model.representation import Representation, Rule
from pgraduate.postgres.decoders import reading


def cell_reader(representation: Representation | None, base: str) -> Callable[[str], Cell]:
    """Give what reads the server's text of a value; `base` is pg_type's name of its type.

    A column without a representation is read by its type alone.
    """
    chosen = representation or _BY_BASE.get(base, Representation(Rule.TEXT))
    parse = _parser(chosen, base)

    def read(text: str) -> Cell:
        try:
            return parse(text)
        except (ValueError, KeyError, OverflowError):
            return unreadable(text)

    return read


_BY_BASE = {
    "int2": Representation(Rule.INTEGER),
    "int4": Representation(Rule.INTEGER),
    "int8": Representation(Rule.INTEGER),
    "float4": Representation(Rule.REAL),
    "float8": Representation(Rule.REAL),
    "numeric": Representation(Rule.NUMBER),
    "bytea": Representation(Rule.BLOB),
    "bool": Representation(Rule.BOOLEAN),
}

BY_SCALE = "scale"
"""The detail of a computed number: an INTEGER exactly where the numeric's scale is 0."""


def _parser(representation: Representation, base: str) -> Callable[[str], Cell]:
    if representation.rule is Rule.NUMBER and representation.detail == BY_SCALE:
        return lambda text: int(text) if text.removeprefix("-").isdigit() else float(text)
    if representation.rule is Rule.ANY_TEXT and representation.detail in ("NUMERIC", "INTEGER"):
        return _dynamic
    found = reading(representation, base)
    arrive = _microseconds if representation.rule is Rule.EPOCH else _WIRES[found.wire]
    natural = found.natural
    if natural is None:
        return arrive
    return lambda text: natural(arrive(text))


def _dynamic(text: str) -> Cell:
    """Read the text form of a value of any class: a number where it is written as one, else a text.

    Unlike in a table's column, where an affinity has been at work, 1.0 is a REAL here.
    """
    if _DIGITS.fullmatch(text) and -(2**63) <= int(text) < 2**63:
        return int(text)
    if text in ("Infinity", "-Infinity") or (_REAL.fullmatch(text) and repr(float(text)) == text):
        return float(text)
    return text


_DIGITS = re.compile(r"0|-?[1-9][0-9]{0,18}")
_REAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:e[+-][0-9]+)?")


def _microseconds(text: str) -> str:
    """Give a timestamp as the microseconds since 1970 in which its reading expects it."""
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return str((moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1))


def _bytes(text: str) -> bytes:
    if not text.startswith("\\x"):
        raise ValueError("bytea in another form than hex")
    return bytes.fromhex(text[2:])


_WIRES: dict[str, Callable[[str], Cell]] = {
    "int8": int,
    "int4": lambda text: {"t": 1, "f": 0}[text],
    "float8": float,
    "text": lambda text: text,
    "bytea": _bytes,
}
"""What the text of a value is in the type in which a reading expects it."""
