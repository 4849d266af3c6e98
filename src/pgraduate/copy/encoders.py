"""How the loader turns a SQLite value into what COPY sends: one function per representation.

An encoder accepts exactly the values that its representation allows and raises NotRepresentable for every other
one; it never coerces.  `None` in place of an encoder means that the value is sent as it is.  The classes that a
column may hold are checked apart from this (see `copy.classes`), so that the encoders see only those.
"""

from __future__ import annotations

import datetime
import math
import re
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pgraduate.model.plan import ColumnPlan
from pgraduate.model.representation import TIMESTAMP_FORMATS, Rule

Encoder = Callable[[Any], Any]


class NotRepresentable(ValueError):
    """The representation of the column does not allow this value.  The message never holds the value."""


def encoder(column: ColumnPlan, base: str) -> Encoder | None:
    """Give the encoder of a column whose type in the target is `base`, pg_type's name without a domain.

    Raises NotRepresentable for a rule that cannot stand in this type.
    """
    rule, detail = column.representation.rule, column.representation.detail
    if base not in _BASES[rule]:
        raise NotRepresentable(f"the rule '{column.representation}' has no form in the type {base}")
    match rule:
        case Rule.INTEGER:
            return None if base == "int8" else narrow_integer(16 if base == "int2" else 32)
        case Rule.REAL | Rule.TEXT | Rule.BLOB:
            return None
        case Rule.NUMBER:
            return whole_or_double if base == "float8" else number(_scale(column.type))
        case Rule.BOOLEAN:
            return boolean
        case Rule.BOOLEAN_TEXT:
            return boolean_text(detail)
        case Rule.UUID:
            return canonical_uuid
        case Rule.DATE:
            return date
        case Rule.TIMESTAMP:
            return timestamp(detail)
        case Rule.EPOCH:
            return epoch(detail)
        case Rule.ANY_TEXT:
            return any_text
        case Rule.ANY_BYTES:
            return any_bytes


def wire_type(base: str) -> str:
    """Give the type whose binary form COPY expects: json and the text-like types are sent as text."""
    return base if base in _BINARY else "text"


_BINARY = frozenset(
    ("int2", "int4", "int8", "float8", "numeric", "bool", "uuid", "date", "timestamp", "bytea", "text")
)
_TEXTS = frozenset(("text", "varchar", "bpchar", "citext", "json", "enum"))
_BASES: dict[Rule, frozenset[str]] = {
    Rule.INTEGER: frozenset(("int2", "int4", "int8")),
    Rule.REAL: frozenset(("float8",)),
    Rule.TEXT: _TEXTS,
    Rule.BLOB: frozenset(("bytea",)),
    Rule.NUMBER: frozenset(("numeric", "float8")),
    Rule.BOOLEAN: frozenset(("bool",)),
    Rule.BOOLEAN_TEXT: frozenset(("bool",)),
    Rule.UUID: frozenset(("uuid",)),
    Rule.DATE: frozenset(("date",)),
    Rule.TIMESTAMP: frozenset(("timestamp",)),
    Rule.EPOCH: frozenset(("timestamp",)),
    Rule.ANY_TEXT: frozenset(("text",)),
    Rule.ANY_BYTES: frozenset(("bytea",)),
}


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


def _scale(type_name: str) -> int | None:
    found = re.search(r"\(\s*\d+\s*(?:,\s*(-?\d+)\s*)?\)", type_name)
    return int(found[1] or 0) if found else None


def boolean(value: int) -> bool:
    if value == 1:
        return True
    if value == 0:
        return False
    raise NotRepresentable("an integer other than 0 and 1")


def boolean_text(detail: str) -> Encoder:
    """Make the encoder for the two words of `detail`, false first."""
    no, yes = detail.split("/")
    words = {no: False, yes: True}

    def encode(value: str) -> bool:
        try:
            return words[value]
        except KeyError:
            raise NotRepresentable(f"a text that is neither '{no}' nor '{yes}'") from None

    return encode


def canonical_uuid(value: str) -> uuid.UUID:
    try:
        parsed = uuid.UUID(value)
    except ValueError:
        raise NotRepresentable("a text that is not a UUID") from None
    if str(parsed) != value:
        raise NotRepresentable("a UUID that is not in its canonical lower-case form")
    return parsed


def date(value: str) -> datetime.date:
    try:
        parsed = datetime.date.fromisoformat(value)
    except ValueError:
        raise NotRepresentable("a text that is not a date YYYY-MM-DD") from None
    if parsed.isoformat() != value:
        raise NotRepresentable("a date in another form than YYYY-MM-DD")
    return parsed


def timestamp(detail: str) -> Encoder:
    """Make the encoder for one of TIMESTAMP_FORMATS.

    Writing the parsed moment in the format again and comparing is what proves that the text has the format.
    """
    if detail not in TIMESTAMP_FORMATS:
        raise NotRepresentable(f"the timestamp format '{detail}' is not known")
    suffix = next((item for item in ("+00:00", "Z") if detail.endswith(item)), "")
    write = _writer(detail.removesuffix(suffix))

    def encode(value: str) -> datetime.datetime:
        try:
            moment = datetime.datetime.fromisoformat(value.removesuffix(suffix))
        except ValueError:
            raise NotRepresentable(f"a text that is not a timestamp {detail}") from None
        if moment.tzinfo is not None or write(moment) + suffix != value:
            raise NotRepresentable(f"a timestamp in another form than {detail}")
        return moment

    return encode


def _writer(form: str) -> Callable[[datetime.datetime], str]:
    if form == "YYYY-MM-DD[ HH:MM:SS]":
        midnight = datetime.time()
        return lambda moment: (
            moment.date().isoformat() if moment.time() == midnight else moment.isoformat(" ", "microseconds")[:19]
        )
    separator = form[10]
    clock, _, fraction = form[11:].partition("SS")
    if clock == "HH:MM":
        return lambda moment: moment.isoformat(separator, "minutes")
    match fraction:
        case "":
            return lambda moment: moment.isoformat(separator, "seconds")
        case ".fff":
            return lambda moment: moment.isoformat(separator, "milliseconds")
        case ".ffffff":
            return lambda moment: moment.isoformat(separator, "microseconds")
        case _:
            # isoformat writes the fraction only where it is not zero: the rule of `[.ffffff]`.
            return lambda moment: moment.isoformat(separator)


_UNIT_MICROSECONDS = {"s": 1_000_000, "ms": 1_000, "us": 1}
_EPOCH = datetime.datetime(1970, 1, 1)


def epoch(unit: str) -> Encoder:
    """Make the encoder for seconds (s), milliseconds (ms) or microseconds (us) since 1970 in UTC."""
    if unit not in _UNIT_MICROSECONDS:
        raise NotRepresentable(f"the epoch unit '{unit}' is not known")
    factor = _UNIT_MICROSECONDS[unit]

    def encode(value: int) -> datetime.datetime:
        try:
            return _EPOCH + datetime.timedelta(microseconds=value * factor)
        except OverflowError:
            raise NotRepresentable("a moment outside the years 1 to 9999") from None

    return encode


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
