"""How the checker reads a PostgreSQL column back as SQLite cells: one reading per representation.

Written from `model.representation` and from what PostgreSQL returns, without a line in common with the loader: the
server itself writes dates, numbers and uuids as text, and the text is taken apart here.  A value that the
representation could not have produced is a marked cell, never an error: it is a difference to be reported.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pgraduate.model.cell import Cell, raw_text, unreadable
from pgraduate.model.representation import Representation, Rule
from pgraduate.postgres import any_value
from pgraduate.postgres.json_value import json_value

Decode = Callable[[Any], Cell]


@dataclass(frozen=True, slots=True)
class Reading:
    """`sql` wraps the column (`{}`) in the query, `wire` is the type that arrives.

    `natural` reads a value that is not NULL; None means that it arrives as it is read.  `kept` reads it as a class
    that pgraduate.kept_class names.
    """

    sql: str
    wire: str
    natural: Decode | None
    kept: Callable[[Any, str], Cell]


def reading(representation: Representation, base: str) -> Reading:
    """Give the reading of a column; `base` is pg_type's name of its type, domains resolved."""
    detail = representation.detail
    match representation.rule:
        case Rule.INTEGER:
            return _fixed("{}::pg_catalog.int8", "int8", None, "integer")
        case Rule.REAL if base == "float4":
            return _fixed(_SHORTEST, "float8", None, "real")
        case Rule.NUMBER if base == "float4":
            return Reading(_SHORTEST, "float8", _double_number, _double_kept)
        case Rule.REAL:
            return _fixed("{}::pg_catalog.float8", "float8", None, "real")
        case Rule.TEXT:
            return _fixed(_TEXT, "text", None, "text")
        case Rule.BLOB:
            return _fixed("{}", "bytea", None, "blob")
        case Rule.NUMBER if base == "float8":
            return Reading("{}::pg_catalog.float8", "float8", _double_number, _double_kept)
        case Rule.NUMBER if base == "money":
            return Reading("{}::pg_catalog.numeric::pg_catalog.text", "text", _numeric_number, _numeric_kept)
        case Rule.NUMBER:
            return Reading(_TEXT, "text", _numeric_number, _numeric_kept)
        case Rule.BOOLEAN:
            return _fixed("{}::pg_catalog.int4", "int4", None, "integer")
        case Rule.BOOLEAN_TEXT:
            words = detail.split("/")
            return _fixed("{}::pg_catalog.int4", "int4", lambda value: words[value], "text")
        case Rule.UUID if detail == "hex":
            return _fixed(_TEXT, "text", lambda text: text.replace("-", ""), "text")
        case Rule.UUID | Rule.DATE:
            return _fixed(_TEXT, "text", None, "text")
        case Rule.TIMESTAMP:
            sql = f"({_UTC})::pg_catalog.text" if base == "timestamptz" else _TEXT
            return _fixed(sql, "text", _timestamp(detail), "text")
        case Rule.EPOCH:
            return _fixed(_passed(base), "text", _epoch(detail), "integer")
        case Rule.JULIAN:
            return _fixed(_passed(base), "text", _julian, "real")
        case Rule.DECIMAL:
            return _fixed(_TEXT, "text", _numeric_real, "real")
        case Rule.TIME:
            return _fixed(_TEXT, "text", _time(detail), "text")
        case Rule.DURATION if detail:
            return _fixed(_MICROSECONDS, "text", _since_1970, "text")
        case Rule.DURATION:
            return _fixed(_MICROSECONDS, "text", _microseconds, "integer")
        case Rule.JSON_VALUE:
            return _fixed(_TEXT, "text", json_value, "text")
        case Rule.ADDRESS:
            return _fixed("pg_catalog.host({})", "text", None, "text")
        case Rule.ENUM:
            return _fixed(_TEXT, "text", None, "text")
        case Rule.SPELLED:
            return _fixed(_TEXT, "text", _integer if detail else None, detail or "text")
        case Rule.LIST:
            return _fixed("pg_catalog.to_jsonb({})::pg_catalog.text", "text", json_value, "text")
        case Rule.ANY_TEXT:
            return Reading(_TEXT, "text", _by_affinity(detail or "TEXT"), _class_of_text)
        case Rule.ANY_BYTES:
            return Reading("{}", "bytea", None, class_of_bytes)
        case Rule.ANY_VALUE:
            return Reading(_TEXT, "text", _any_value, lambda text, name: unreadable((name, text)))


def stands_for(value: Any, quarantined: bytes) -> bool:
    """Say whether a column's value is what a text in quarantine leaves there: U+FFFD for what could not stand.

    Which of its three encodings the source had is not known here, and a change of the value matches none.
    """
    text = value.decode(errors="replace") if isinstance(value, bytes) else value
    return any(
        quarantined.decode(encoding, "replace").replace("\0", "\ufffd") == text
        for encoding in ("utf_8", "utf_16_le", "utf_16_be")
    )


_TEXT = "{}::pg_catalog.text"
# The shortest digits of a float4 name the double that came; its conversion would not.
_SHORTEST = "{}::pg_catalog.text::pg_catalog.float8"
_UTC = "{} AT TIME ZONE 'UTC'"
_MICROSECONDS = (
    "CASE WHEN EXTRACT(month FROM {0}) = 0 AND EXTRACT(year FROM {0}) = 0"
    " THEN pg_catalog.trim_scale(EXTRACT(epoch FROM {0}) * 1000000)::pg_catalog.text ELSE {0}::pg_catalog.text END"
)
"""A month has no length; an interval with months came from no number of microseconds."""


def _passed(base: str) -> str:
    """Give the SQL for the microseconds of a moment since 1970."""
    moment = _UTC if base == "timestamptz" else "{}"
    return f"pg_catalog.trim_scale(EXTRACT(epoch FROM {moment}) * 1000000)::pg_catalog.text"


def _fixed(sql: str, wire: str, natural: Decode | None, only: str) -> Reading:
    """Make the reading of a representation that has one class: another class kept beside it is a difference."""

    def kept(value: Any, name: str) -> Cell:
        cell = natural(value) if natural else value
        return cell if name == only else unreadable((name, cell))

    return Reading(sql, wire, natural, kept)


_LEAST, _BEYOND = -(2**63), 2**63


def _whole(value: Fraction) -> int | None:
    """Give the 64-bit integer that a number is, None where it is none."""
    return int(value) if value.denominator == 1 and _LEAST <= value < _BEYOND else None


def _double_number(value: float) -> Cell:
    if value - value != 0.0:  # an infinity or NaN
        return value
    whole = _whole(Fraction(value))
    return value if whole is None else whole


def _double_kept(value: float, name: str) -> Cell:
    if name == "real":
        return value
    cell = _double_number(value)
    return cell if name == "integer" and isinstance(cell, int) else unreadable((name, value))


def _numeric_number(text: str) -> Cell:
    before, _, after = text.partition(".")
    if not after.strip("0") and len(before) <= 20 and before[-1].isdigit():
        whole = int(before)
        if _LEAST <= whole < _BEYOND:
            return whole
    return _numeric_real(text)


def _numeric_real(text: str) -> Cell:
    """Read a double whose shortest text is exactly this number; any other number came from no double."""
    value = float(text)
    if text in ("Infinity", "-Infinity"):
        return value
    if len(text) > _LONGEST_DOUBLE or value - value != 0.0 or Fraction(text) != Fraction(repr(value)):
        return unreadable(text)
    return value


_LONGEST_DOUBLE = 2000
"""Characters: 309 digits before the point or 341 after it, and room for the zeros of a wide scale."""


def _numeric_kept(text: str, name: str) -> Cell:
    if name == "real":
        return _numeric_real(text)
    cell = _numeric_number(text)
    return cell if name == "integer" and isinstance(cell, int) else unreadable((name, text))


_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d):(\d\d)(?:\.(\d{1,6}))?")
"""PostgreSQL's ISO output of a timestamp of the years 1 to 9999; trailing zeros of the fraction are not written."""


def _timestamp(form: str) -> Decode:
    if form == "YYYY-MM-DD[ HH:MM:SS]":
        return _date_and_maybe_time
    separator = form[10]
    rest = form[len("YYYY-MM-DDTHH:MM") :]
    seconds = rest.startswith(":SS")
    fraction = re.search(r"\[?\.(f+)\]?", rest)
    digits = len(fraction[1]) if fraction else 0
    optional = "[" in rest
    suffix = next((item for item in ("+00:00", "Z") if rest.endswith(item)), "")

    def decode(text: str) -> Cell:
        found = _MOMENT.fullmatch(text)
        if found is None:
            return unreadable(text)
        day, minutes, second, part = found.groups("")
        written = f"{day}{separator}{minutes}"
        if seconds:
            written += f":{second}"
        elif second != "00":
            return unreadable(text)
        if len(part) > digits:
            return unreadable(text)
        if digits and (part or not optional):
            written += "." + part.ljust(digits, "0")
        return written + suffix

    return decode


def _date_and_maybe_time(text: str) -> Cell:
    found = _MOMENT.fullmatch(text)
    if found is None or found[4]:
        return unreadable(text)
    return text.removesuffix(" 00:00:00")


_CLOCK = re.compile(r"(\d\d:\d\d):(\d\d)(?:\.(\d{1,6}))?")


def _time(form: str) -> Decode:
    def decode(text: str) -> Cell:
        found = _CLOCK.fullmatch(text)
        if found is None:
            return unreadable(text)
        minutes, second, part = found.groups("")
        match form:
            case "HH:MM":
                return unreadable(text) if part or second != "00" else minutes
            case "HH:MM:SS":
                return unreadable(text) if part else f"{minutes}:{second}"
            case "HH:MM:SS[.ffffff]" if not part:
                return f"{minutes}:{second}"
            case _:
                return f"{minutes}:{second}.{part.ljust(6, '0')}"

    return decode


def _microseconds(text: str) -> Cell:
    return int(text) if _DIGITS.fullmatch(text) else unreadable(text)


def _since_1970(microseconds: str) -> Cell:
    """Write the moment that lies so far from the beginning of 1970."""
    cell = _microseconds(microseconds)
    days, rest = divmod(cell, 86_400_000_000) if isinstance(cell, int) else (0, -1)
    ordinal = _DAY_ONE + days
    if rest < 0 or not 1 <= ordinal <= datetime.date.max.toordinal():
        return unreadable(microseconds)
    seconds, fraction = divmod(rest, 1_000_000)
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{fraction:06}"
    return f"{datetime.date.fromordinal(ordinal).isoformat()} {clock}"


_DAY_ONE = datetime.date(1970, 1, 1).toordinal()


def _epoch(unit: str) -> Decode:
    divisor = {"s": 10**6, "ms": 10**3, "us": 1}[unit]

    def decode(microseconds: str) -> Cell:
        try:
            count, rest = divmod(int(microseconds), divisor)
        except ValueError:  # Infinity
            return unreadable(microseconds)
        return unreadable(microseconds) if rest else count

    return decode


def _julian(microseconds: str) -> Cell:
    """Read the double that is nearest to the moment as a Julian day: noon of 1970's first day is 2440588.

    A double is as wide as many microseconds: of these only the one that is nearest to it can have come from it.
    """
    try:
        passed = int(microseconds)
    except ValueError:  # Infinity
        return unreadable(microseconds)
    midnight = 2_440_588 - Fraction(1, 2)
    value = float(Fraction(passed, 86_400_000_000) + midnight)
    return value if round((Fraction(value) - midnight) * 86_400_000_000) == passed else unreadable(microseconds)


_SPACE = " \t\n\v\f\r"
_LITERAL = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?)(\d+))?", re.ASCII)


def _by_affinity(affinity: str) -> Decode:
    """Make the natural reading of a text: what SQLite's affinity makes of it when it is stored."""
    if affinity == "TEXT":
        return lambda text: text

    def decode(text: str) -> Cell:
        found = _LITERAL.fullmatch(text.strip(_SPACE))
        if found is None or not (found[2] or found[3]):
            return text
        whole = affinity != "REAL" and _whole_literal(*found.groups("")) is not None
        return _integer(text) if whole else _real(text)

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
    return value if _LEAST <= value < _BEYOND else None


def _integer(text: str) -> Cell:
    """Read an integer's digits in their one canonical form; in any other form the text was no integer's."""
    if _DIGITS.fullmatch(text) and _LEAST <= (value := int(text)) < _BEYOND:
        return value
    return unreadable(("integer", text))


_DIGITS = re.compile(r"0|-?[1-9][0-9]{0,18}")


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


def _any_value(form: str) -> Cell:
    try:
        return any_value.read(form)
    except ValueError:
        return unreadable(form)


def _class_of_text(text: str, name: str) -> Cell:
    match name:
        case "integer":
            return _integer(text)
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
    return _class_of_text(text, name)
