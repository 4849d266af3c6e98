"""Which storage classes a column may hold, and which of them must be kept beside the value.

The loader's side of `model.representation`: it asks of a SQLite value whether the representation's natural reading
of what will stand in PostgreSQL gives back the same class.  The checker answers the same question from the other
end, with code of its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pgraduate.model.plan import ColumnPlan
from pgraduate.model.representation import Rule

NAMES: dict[type, str] = {int: "integer", float: "real", str: "text", bytes: "blob", type(None): "null"}
"""The storage class behind each Python type that APSW returns."""

_ANY: frozenset[type] = frozenset((int, float, str, bytes, type(None)))
_ALLOWED: dict[Rule, frozenset[type]] = {
    Rule.INTEGER: frozenset((int, type(None))),
    Rule.REAL: frozenset((float, type(None))),
    Rule.TEXT: frozenset((str, type(None))),
    Rule.BLOB: frozenset((bytes, type(None))),
    Rule.NUMBER: frozenset((int, float, type(None))),
    Rule.BOOLEAN: frozenset((int, type(None))),
    Rule.BOOLEAN_TEXT: frozenset((str, type(None))),
    Rule.UUID: frozenset((str, type(None))),
    Rule.DATE: frozenset((str, type(None))),
    Rule.TIMESTAMP: frozenset((str, type(None))),
    Rule.EPOCH: frozenset((int, type(None))),
    Rule.JULIAN: frozenset((float, type(None))),
    Rule.DECIMAL: frozenset((float, type(None))),
    Rule.TIME: frozenset((str, type(None))),
    Rule.DURATION: frozenset((int, type(None))),
    Rule.JSON_VALUE: frozenset((str, type(None))),
    Rule.ADDRESS: frozenset((str, type(None))),
    Rule.ENUM: frozenset((str, type(None))),
    Rule.SPELLED: frozenset((str, type(None))),
    Rule.LIST: frozenset((str, type(None))),
    Rule.ANY_TEXT: _ANY,
    Rule.ANY_VALUE: _ANY,
    Rule.ANY_BYTES: _ANY,
}


def allowed(column: ColumnPlan) -> frozenset[type]:
    """Give the classes that a column takes; of one with misfits, the encoder judges each cell by `fitting`."""
    return _ANY if column.misfits else fitting(column)


def fitting(column: ColumnPlan) -> frozenset[type]:
    """Give the classes that the column's representation can hold."""
    rule = column.representation.rule
    if rule is Rule.DURATION and column.representation.detail:
        rule = Rule.TEXT
    if rule is Rule.SPELLED and column.representation.detail:
        rule = Rule.INTEGER
    return _ALLOWED[rule]


ClassKept = Callable[[Any], str | None]
"""Give the class that must be kept for a value that is not NULL, or None where the natural reading has it."""


def class_kept(column: ColumnPlan, base: str) -> ClassKept | None:
    """Give the question for a column; None where every allowed value reads back with its own class."""
    match column.representation.rule:
        case Rule.NUMBER:
            return _kept_in_double if base in ("float8", "float4") else _kept_in_numeric
        case Rule.ANY_TEXT:
            return _kept_in_text(column.representation.detail or "TEXT")
        case Rule.ANY_BYTES:
            return lambda value: None if type(value) is bytes else NAMES[type(value)]
        case _:
            return None


_LEAST, _GREATEST = -(2**63), 2**63 - 1


def _kept_in_double(value: int | float) -> str | None:
    # A double that holds a whole number of 64 bits reads back as INTEGER.
    if type(value) is float and value.is_integer() and _LEAST <= value < 2.0**63:
        return "real"
    return None


def _kept_in_numeric(value: int | float) -> str | None:
    return "real" if type(value) is float and _whole_of_64_bits(repr(value)) else None


def _whole_of_64_bits(number: str) -> bool:
    decimal = Decimal(number)
    return decimal.is_finite() and _LEAST <= decimal <= _GREATEST and decimal == decimal.to_integral_value()


_NUMBER = re.compile(r"[ \t\n\v\f\r]*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[ \t\n\v\f\r]*")
"""What SQLite's affinities take for a number ("Datatypes In SQLite", section 3; the tokenizer's literal)."""


def _kept_in_text(affinity: str) -> ClassKept:
    if affinity == "TEXT":
        return lambda value: None if type(value) is str else NAMES[type(value)]

    def natural(value: int | float | str | bytes) -> str:
        if type(value) is str:
            return _by_affinity(value) if _NUMBER.fullmatch(value) else "text"
        if type(value) is bytes or (type(value) is float and math.isinf(value)):
            return "text"
        return _by_affinity(repr(value))

    def _by_affinity(number: str) -> str:
        if affinity == "REAL":
            return "real"
        return "integer" if _fits(number) else "real"

    def kept(value: int | float | str | bytes) -> str | None:
        name = NAMES[type(value)]
        return None if natural(value) == name else name

    return kept


def _fits(number: str) -> bool:
    # Decimal refuses exponents of many digits; far beyond the mantissa's length only zero is whole and small.
    plain = number.strip(" \t\n\v\f\r").lower()
    mantissa, _, exponent = plain.partition("e")
    digits = exponent.lstrip("+-").lstrip("0")
    if len(digits) > 9:
        return Decimal(mantissa) == 0
    return _whole_of_64_bits(plain)
