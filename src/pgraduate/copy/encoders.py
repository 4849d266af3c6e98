"""How the loader turns a SQLite value into what COPY sends: one function per representation.

An encoder accepts exactly the values that its representation allows and raises NotRepresentable for every other
one; it never coerces.  `None` in place of an encoder means that the value is sent as it is.  The classes that a
column may hold are checked apart from this (see `copy.classes`), so that the encoders see only those.
"""

from __future__ import annotations

import datetime
import ipaddress
import json
import math
import re
import uuid
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from psycopg.types.json import Jsonb

from pgraduate.model.plan import ColumnPlan
from pgraduate.model.representation import TIME_FORMATS, TIMESTAMP_FORMATS, Rule
from pgraduate.postgres.casting import Casting, casting
from pgraduate.sqlite.forms import is_json

Encoder = Callable[[Any], Any]


class NotRepresentable(ValueError):
    """The representation of the column does not allow this value.  The message never holds the value."""


def encoder(column: ColumnPlan, base: str) -> Encoder | None:
    """Give the encoder of a column whose type in the target is `base`, pg_type's name without a domain.

    Raises NotRepresentable for a rule that cannot stand in this type.
    """
    rule, detail = column.representation.rule, column.representation.detail
    if rule in (Rule.SPELLED, Rule.LIST):
        return str if detail else None
    if base not in _BASES[rule]:
        raise NotRepresentable(f"the rule '{column.representation}' has no form in the type {base}")
    match rule:
        case Rule.INTEGER:
            return None if base == "int8" else narrow_integer(16 if base == "int2" else 32)
        case Rule.REAL | Rule.TEXT | Rule.BLOB:
            return None
        case Rule.NUMBER:
            return whole_or_double if base in ("float8", "float4") else number(_scale(column.type))
        case Rule.BOOLEAN:
            return boolean
        case Rule.BOOLEAN_TEXT:
            return boolean_text(detail)
        case Rule.UUID:
            return hex_uuid if detail == "hex" else canonical_uuid
        case Rule.DATE:
            return date
        case Rule.TIMESTAMP:
            return in_utc(timestamp(detail)) if base == "timestamptz" else timestamp(detail)
        case Rule.EPOCH:
            return in_utc(epoch(detail)) if base == "timestamptz" else epoch(detail)
        case Rule.JULIAN:
            return in_utc(julian) if base == "timestamptz" else julian
        case Rule.DECIMAL:
            return decimal(detail)
        case Rule.TIME:
            return time_of_day(detail)
        case Rule.DURATION:
            return duration_since_1970 if detail else duration
        case Rule.JSON_VALUE:
            return json_document
        case Rule.ADDRESS:
            return address
        case Rule.ENUM:
            return label(detail)
        case Rule.ANY_TEXT:
            return any_text
        case Rule.ANY_VALUE:
            return any_value
        case Rule.ANY_BYTES:
            return any_bytes


def wire_type(column: ColumnPlan, base: str) -> str:
    """Give the type whose binary form COPY expects: json, the text-like types and what the server casts are sent so."""
    cast = cast_of(column, base)
    if cast is not None:
        return cast.wire
    return base if base in _BINARY else "text"


def cast_of(column: ColumnPlan, base: str) -> Casting | None:
    """Say how the server casts a column's values; None where COPY sends its type."""
    return casting(column.representation, base, column.type)


_BINARY = frozenset(
    (
        "int2",
        "int4",
        "int8",
        "float8",
        "numeric",
        "bool",
        "uuid",
        "date",
        "timestamp",
        "timestamptz",
        "time",
        "interval",
        "jsonb",
        "inet",
        "bytea",
        "text",
    )
)
_TEXTS = frozenset(("text", "varchar", "bpchar", "citext", "json"))
_BASES: dict[Rule, frozenset[str]] = {
    Rule.INTEGER: frozenset(("int2", "int4", "int8")),
    Rule.REAL: frozenset(("float8", "float4")),
    Rule.TEXT: _TEXTS,
    Rule.BLOB: frozenset(("bytea",)),
    Rule.NUMBER: frozenset(("numeric", "money", "float8", "float4")),
    Rule.BOOLEAN: frozenset(("bool",)),
    Rule.BOOLEAN_TEXT: frozenset(("bool",)),
    Rule.UUID: frozenset(("uuid",)),
    Rule.DATE: frozenset(("date",)),
    Rule.TIMESTAMP: frozenset(("timestamp", "timestamptz")),
    Rule.EPOCH: frozenset(("timestamp", "timestamptz")),
    Rule.JULIAN: frozenset(("timestamp", "timestamptz")),
    Rule.DECIMAL: frozenset(("numeric",)),
    Rule.TIME: frozenset(("time",)),
    Rule.DURATION: frozenset(("interval",)),
    Rule.JSON_VALUE: frozenset(("jsonb",)),
    Rule.ADDRESS: frozenset(("inet",)),
    Rule.ENUM: frozenset(("enum",)),
    Rule.ANY_TEXT: frozenset(("text",)),
    Rule.ANY_VALUE: frozenset(("any_value",)),
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


def hex_uuid(value: str) -> uuid.UUID:
    try:
        parsed = uuid.UUID(hex=value)
    except ValueError:
        raise NotRepresentable("a text that is not a UUID") from None
    if parsed.hex != value:
        raise NotRepresentable("a UUID that is not written as 32 lower-case digits")
    return parsed


def json_document(value: str) -> Jsonb:
    """Hand a text over as it is; PostgreSQL parses it."""
    if not is_json(value):
        raise NotRepresentable("a text that is not JSON, or holds a character that jsonb cannot")
    return Jsonb(value, dumps=str)


def address(value: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    try:
        parsed = ipaddress.ip_address(value)
    except ValueError:
        raise NotRepresentable("a text that is not an address") from None
    # PostgreSQL writes these with a dotted part, Python with two groups of digits.
    embedded = parsed.version == 6 and int(parsed) >> 32 in (0, 0xFFFF)
    if str(parsed) != value or embedded:
        raise NotRepresentable("an address that is not in its canonical form")
    return parsed


def label(detail: str) -> Encoder:
    """Make the encoder for an enum type of these labels."""
    labels = frozenset(json.loads(detail))

    def encode(value: str) -> str:
        if value not in labels:
            raise NotRepresentable("a text that is none of the enum's labels")
        return value

    return encode


def time_of_day(detail: str) -> Encoder:
    """Make the encoder for one of TIME_FORMATS, proven as a timestamp is."""
    if detail not in TIME_FORMATS:
        raise NotRepresentable(f"the time format '{detail}' is not known")
    timespec = {"HH:MM:SS": "seconds", "HH:MM:SS.ffffff": "microseconds", "HH:MM": "minutes"}.get(detail, "auto")

    def encode(value: str) -> datetime.time:
        try:
            moment = datetime.time.fromisoformat(value)
        except ValueError:
            raise NotRepresentable(f"a text that is not a time {detail}") from None
        if moment.tzinfo is not None or moment.isoformat(timespec) != value:
            raise NotRepresentable(f"a time in another form than {detail}")
        return moment

    return encode


def duration(value: int) -> datetime.timedelta:
    try:
        return datetime.timedelta(microseconds=value)
    except OverflowError:
        raise NotRepresentable("a duration of more than 999,999,999 days") from None


def duration_since_1970(value: str) -> datetime.timedelta:
    return timestamp("YYYY-MM-DD HH:MM:SS.ffffff")(value) - _EPOCH  # type: ignore[no-any-return]


def in_utc(encode: Encoder) -> Encoder:
    """Make the encoder for timestamptz: the source's moments are in UTC."""
    return lambda value: encode(value).replace(tzinfo=datetime.UTC)


def judging(column: ColumnPlan, encode: Encoder | None, fitting: frozenset[type]) -> Encoder:
    """Make the encoder of a column with misfits, which judges what elsewhere the plan has proven: class and length."""
    limit = re.search(r"^(?:varchar|character varying|character)\((\d+)\)", column.type)
    short = characters(int(limit[1])) if limit else None
    padded = column.type.startswith("character(")
    digits = re.search(r"^numeric\((\d+),(\d+)\)", column.type)
    bound = 10 ** (int(digits[1]) - int(digits[2])) if digits else None

    def judge(value: Any) -> Any:
        if type(value) not in fitting:
            raise NotRepresentable(f"a value of another class than {column.type} takes")
        if short is not None:
            short(value)
        if padded and value.endswith(" "):
            raise NotRepresentable(f"a text that ends with a blank, which {column.type} does not keep")
        if bound is not None and not -bound < value < bound:
            raise NotRepresentable(f"a number too large for {column.type}")
        return encode(value) if encode is not None else value

    return judge


def characters(limit: int) -> Encoder:
    """Make the encoder that lets no text pass which is longer than a type's limit."""

    def encode(value: str) -> str:
        if len(value) > limit:
            raise NotRepresentable(f"a text of more than {limit} characters")
        return value

    return encode


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


def julian(value: float) -> datetime.datetime:
    """Encode a Julian day number, days since noon of 24 November 4714 BC, as the nearest microsecond, of two the even.

    Days and the part of a day are taken apart first, both exact in a double.
    """
    days, part = divmod(value - 0.5, 1.0)
    try:
        moment = _EPOCH + datetime.timedelta(
            days=days - 2_440_587, microseconds=round(Fraction(part) * 86_400_000_000)
        )
    except (OverflowError, ValueError):
        raise NotRepresentable("a moment outside the years 1 to 9999") from None
    since = moment - _EPOCH
    if 2_440_587.5 + since.days + (since.seconds + since.microseconds / 1e6) / 86_400 != value:
        raise NotRepresentable("a Julian day that no microsecond gives back exactly")
    return moment


def decimal(detail: str) -> Encoder:
    """Make the encoder for a double that is the decimal of at most p digits, s of them after the point."""
    precision, scale = (int(part) for part in detail.split(","))
    exact, bound = number(scale), 10 ** (precision - scale)

    def encode(value: float) -> Decimal:
        if not -bound < value < bound:
            raise NotRepresentable(f"a number of more than {precision - scale} digits before the point")
        return exact(value)  # type: ignore[no-any-return]

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
