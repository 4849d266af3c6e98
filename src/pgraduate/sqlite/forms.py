"""Whether one SQLite value converts by a named representation and comes back as it was.

Pure and exact: a check is true only if rendering what was parsed gives the very text, in the very storage class.
Dates are real calendar dates of the years 0001 to 9999, seconds run from 00 to 59, there is no 24:00.  Which
checks are worth making follows from the words of the declared type; see `candidates`.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from fractions import Fraction
from typing import Literal, NoReturn

from pgraduate.model.hints import Hint, hint_of
from pgraduate.model.representation import BOOLEAN_WORDS, MONEY, TIMESTAMP_FORMATS, Representation, Rule
from pgraduate.model.storage import Affinity

Value = int | float | str | bytes
Check = Callable[[Value], bool]
Takes = Literal["integer", "real", "number", "text"]

JSON = "json"
"""The key for texts that PostgreSQL's json type takes and every JSON function of it can read."""
JSON_DEPTH = 512
"""Deeper documents stay text: PostgreSQL's parser is bounded by max_stack_depth, SQLite's by 1,000 levels."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_PRECISION = re.compile(r"(?:DECIMAL|NUMERIC|DEC|NUMBER|MONEY)\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)")
_MAX_PRECISION = 1000
_EPOCH_UNITS = {"s": 1, "ms": 1_000, "us": 1_000_000}
_EXACT = 2**53
_LONGEST_DURATION = 999_999_999 * 86_400 * 1_000_000
"""Microseconds of the longest timedelta of Python, which PostgreSQL's interval holds as well."""
_HEX_UUID = re.compile(r"[0-9a-f]{32}")
JULIAN_1980, JULIAN_2100 = 2_444_239.5, 2_488_069.5
_JULIAN_1970 = Fraction(4_881_175, 2)
_DAY = 86_400 * 1_000_000
"""Microseconds."""
DOCUMENT_CHARACTERS = 16 << 20
"""Longer documents stay text: jsonb holds 256 MB at most, and its own form of one takes more than the text."""
_LARGEST_EXPONENT = 1_000
"""numeric holds 131,072 digits before the point and 16,383 after it; documents are not made of such numbers."""
_FIRST_SECOND = int(datetime(1, 1, 1, tzinfo=UTC).timestamp())
_LAST_SECOND = int(datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp())


def candidates(declared: str, affinity: Affinity) -> dict[str, Takes]:
    """Name the representations that a declared type asks for, each with the storage classes that it takes.

    The names are those of `model.representation`, plus `json` and `number:p,s`.
    """
    words = declared.upper()
    found: dict[str, Takes] = {}
    if "BOOL" in words:
        found[str(Rule.BOOLEAN)] = "integer"
        found |= dict.fromkeys((_name(Rule.BOOLEAN_TEXT, pair) for pair in BOOLEAN_WORDS), "text")
    if "DATE" in words or "TIME" in words:
        found[str(Rule.DATE)] = "text"
        found |= dict.fromkeys((_name(Rule.TIMESTAMP, form) for form in TIMESTAMP_FORMATS), "text")
        found |= dict.fromkeys((_name(Rule.EPOCH, unit) for unit in _EPOCH_UNITS), "integer")
    if "UUID" in words or "GUID" in words or "UNIQUEIDENTIFIER" in words:
        found[str(Rule.UUID)] = "text"
    if "JSON" in words:
        found[JSON] = "text"
    if affinity in (Affinity.INTEGER, Affinity.NUMERIC) or any(word in words for word in ("DEC", "NUM", "MONEY")):
        found[str(Rule.NUMBER)] = "number"
        if limits := precision(declared):
            found[_name(Rule.NUMBER, f"{limits[0]},{limits[1]}")] = "number"
    return found


def hinted(name: str, declared: str) -> dict[str, Takes]:
    """Name the representations that a column may have whatever its declaration says: those that its name makes worth
    asking for, and a JSON document, which shows itself."""
    hints = hint_of(name)
    words = declared.upper()
    found: dict[str, Takes] = {str(Rule.JSON_VALUE): "text"}
    if Hint.TIME in hints:
        found |= candidates("DATE", Affinity.BLOB)
    if Hint.TIME in hints or "DATE" in words or "TIME" in words:
        found[str(Rule.JULIAN)] = "real"
    if Hint.FLAG in hints:
        found[str(Rule.BOOLEAN)] = "integer"
    if Hint.MONEY in hints:
        for detail in MONEY:
            found[_name(Rule.DECIMAL, detail)] = "real"
            found[_name(Rule.NUMBER, detail)] = "number"
    return found


def precision(declared: str) -> tuple[int, int] | None:
    """Give p and s of DECIMAL(p,s) and its synonyms, s being 0 where it is not written; None without them."""
    match = _PRECISION.search(declared.upper())
    if match is None:
        return None
    digits, scale = int(match[1]), int(match[2] or 0)
    return (digits, scale) if 1 <= digits <= _MAX_PRECISION and scale <= digits else None


def integer_range(name: str) -> tuple[int, int] | None:
    """Give the lowest and highest integer that converts by a name; None for a name that takes no integers."""
    if name == JSON:
        return None
    representation = Representation.parse(name)
    match representation.rule:
        case Rule.BOOLEAN:
            return 0, 1
        case Rule.DURATION if not representation.detail:
            return -_LONGEST_DURATION, _LONGEST_DURATION
        case Rule.EPOCH:
            per_second = _EPOCH_UNITS[representation.detail]
            return _FIRST_SECOND * per_second, (_LAST_SECOND + 1) * per_second - 1
        case Rule.NUMBER if representation.detail:
            digits, _, scale = representation.detail.partition(",")
            highest = 10 ** (int(digits) - int(scale)) - 1
            return -highest, highest
        case Rule.NUMBER:
            return -(2**63), 2**63 - 1
        case _:
            return None


def check(name: str) -> Check:
    """Give the test for a name that `candidates` gave, or for what a column of a target takes.

    The latter are `integer:BITS`, `real`, `blob`, `text`, `text:LONGEST`, `text:LONGEST unpadded`, and `number:any`
    and `number:double`, the numbers that numeric and double precision hold exactly.
    """
    if name == JSON:
        return is_json
    representation = Representation.parse(name)
    detail = representation.detail
    match representation.rule:
        case Rule.BOOLEAN_TEXT:
            words = tuple(detail.split("/"))
            return lambda value: isinstance(value, str) and value in words
        case Rule.UUID if detail == "hex":
            return lambda value: isinstance(value, str) and _HEX_UUID.fullmatch(value) is not None
        case Rule.TIME:
            return _time(detail)
        case Rule.ADDRESS:
            return is_address
        case Rule.ENUM:
            labels = frozenset(json.loads(detail))
            return lambda value: value in labels
        case Rule.UUID:
            return lambda value: isinstance(value, str) and _UUID.fullmatch(value) is not None
        case Rule.DATE:
            return is_date
        case Rule.TIMESTAMP:
            return _timestamp(detail)
        case Rule.DURATION if detail:
            return _timestamp("YYYY-MM-DD HH:MM:SS.ffffff")
        case Rule.JULIAN:
            return is_julian
        case Rule.DECIMAL:
            digits, _, scale = detail.partition(",")
            return _is_decimal(int(digits), int(scale))
        case Rule.JSON_VALUE:
            return is_document
        case Rule.BOOLEAN | Rule.EPOCH | Rule.DURATION:
            lowest, highest = integer_range(name) or (0, -1)
            return lambda value: isinstance(value, int) and lowest <= value <= highest
        case Rule.NUMBER if detail == "any":
            return lambda value: isinstance(value, (int, float))
        case Rule.NUMBER if detail == "double":
            return lambda value: isinstance(value, float) or (isinstance(value, int) and abs(value) <= _EXACT)
        case Rule.NUMBER if detail:
            digits, _, scale = detail.partition(",")
            return _fits(int(digits), int(scale))
        case Rule.NUMBER:
            return is_number
        case Rule.INTEGER:
            limit = 1 << (int(detail or 64) - 1)
            return lambda value: isinstance(value, int) and -limit <= value < limit
        case Rule.REAL:
            return lambda value: isinstance(value, float)
        case Rule.TEXT:
            longest, _, unpadded = detail.partition(" ")
            most = int(longest) if longest else None
            return lambda value: (
                isinstance(value, str)
                and (most is None or len(value) <= most)
                and not (unpadded and value.endswith(" "))
            )
        case Rule.BLOB:
            return lambda value: isinstance(value, bytes)
        case _:
            raise KeyError(name)


def is_date(value: Value) -> bool:
    """Whether a value is the text `YYYY-MM-DD` of a real day."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def is_address(value: Value) -> bool:
    """Whether a text is an IP address as PostgreSQL writes it; IPv6 with a dotted part, written otherwise there, is not."""
    try:
        parsed = ipaddress.ip_address(value) if isinstance(value, str) else None
    except ValueError:
        return False
    if parsed is None or (parsed.version == 6 and int(parsed) >> 32 in (0, 0xFFFF)):
        return False
    return str(parsed) == value


def is_number(value: Value) -> bool:
    """Whether NUMERIC affinity's reading of the number gives back its class: a whole real would become an integer
    unless it lies outside 64 bits."""
    if isinstance(value, float):
        return not (value.is_integer() and -(2.0**63) <= value < 2.0**63)
    return isinstance(value, int)


def is_json(value: Value) -> bool:
    """Whether a text is JSON by RFC 8259, without unpaired surrogates and U+0000 in its escapes, and not too deep.

    PostgreSQL's json type would store such escapes, but its functions fail on them.
    """
    if not isinstance(value, str) or _too_deep(value):
        return False
    try:
        tree = _JSON.decode(value)
    except (ValueError, RecursionError):
        return False
    return "\\u" not in value or _texts_are_clean(tree)


def is_document(value: Value) -> bool:
    """Whether a text is a JSON object or array of which jsonb loses nothing but spacing, the order of keys and the
    spelling of numbers: no key stands twice in an object, no number is beyond what numeric holds."""
    if not isinstance(value, str) or value.lstrip(" \t\n\r")[:1] not in ("{", "["):
        return False
    if len(value) > DOCUMENT_CHARACTERS or not is_json(value):
        return False
    try:
        _STRICT.decode(value)
    except ValueError:
        return False
    return True


def is_julian(value: Value) -> bool:
    """Whether a real is a Julian day of the years 1980 to 2099 that the nearest microsecond gives back exactly."""
    if not isinstance(value, float) or not JULIAN_1980 <= value < JULIAN_2100:
        return False
    microseconds = round((Fraction(value) - _JULIAN_1970) * _DAY)
    return float(_JULIAN_1970 + Fraction(microseconds, _DAY)) == value


def _is_decimal(digits: int, scale: int) -> Check:
    bound = 10 ** (digits - scale)

    def matches(value: Value) -> bool:
        if not isinstance(value, float) or not -bound < value < bound or (value == 0.0 and str(value)[0] == "-"):
            return False
        return round(value, scale) == value

    return matches


def _name(rule: Rule, detail: str) -> str:
    return str(Representation(rule, detail))


def _time(form: str) -> Check:
    timespec = next((name for ending, name in _TIMESPECS.items() if form.endswith(ending)), "minutes")

    def matches(value: Value) -> bool:
        try:
            moment = time.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            return False
        return moment is not None and moment.tzinfo is None and moment.isoformat(timespec) == value

    return matches


def _timestamp(form: str) -> Check:
    """Test by rendering: what `datetime` parsed must print as the text again."""
    if form == "YYYY-MM-DD[ HH:MM:SS]":
        return _is_date_or_time
    suffix = next((ending for ending in ("Z", "+00:00") if form.endswith(ending)), "")
    separator = form[len("YYYY-MM-DD")]
    body = form.removesuffix(suffix)
    timespec = next(
        (name for ending, name in _TIMESPECS.items() if body.endswith(ending)),
        "minutes",
    )

    def matches(value: Value) -> bool:
        if not isinstance(value, str) or not value.endswith(suffix):
            return False
        text = value[: -len(suffix)] if suffix else value
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return False
        return moment.tzinfo is None and moment.isoformat(separator, timespec) == text

    return matches


_TIMESPECS = {
    "[.ffffff]": "auto",
    ".ffffff": "microseconds",
    ".fff": "milliseconds",
    "HH:MM:SS": "seconds",
}


def _is_date_or_time(value: Value) -> bool:
    """The time stands there exactly where it is not midnight."""
    if not isinstance(value, str):
        return False
    if len(value) == len("YYYY-MM-DD"):
        return is_date(value)
    return _SECONDS(value) and not value.endswith(" 00:00:00")


_SECONDS = _timestamp("YYYY-MM-DD HH:MM:SS")


def _fits(digits: int, scale: int) -> Check:
    """Whether numeric(digits, scale) holds the number without rounding, and gives back its class."""
    bound = 10 ** (digits - scale)

    def matches(value: Value) -> bool:
        if not is_number(value) or isinstance(value, (str, bytes)) or not -bound < value < bound:
            return False
        # Correctly rounded: equal exactly if the shortest text of the real has at most `scale` decimals.
        return isinstance(value, int) or round(value, scale) == value

    return matches


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


_JSON = json.JSONDecoder(parse_constant=_refuse, parse_int=len, parse_float=len)
"""Numbers are only measured: Python refuses to convert integers of more than 4,300 digits."""


def _each_key_once(members: list[tuple[str, object]]) -> None:
    if len({key for key, _ in members}) < len(members):
        raise ValueError("a key stands twice")


def _moderate(number: str) -> None:
    mantissa, _, exponent = number.lower().partition("e")
    if len(mantissa) > _LARGEST_EXPONENT or len(exponent) > 9 or abs(int(exponent or 0)) > _LARGEST_EXPONENT:
        raise ValueError("a number of very many digits")


_STRICT = json.JSONDecoder(
    object_pairs_hook=_each_key_once, parse_constant=_refuse, parse_int=_moderate, parse_float=_moderate
)


def _too_deep(text: str) -> bool:
    if text.count("[") + text.count("{") <= JSON_DEPTH:
        return False
    depth = 0
    inside = escaped = False
    for character in text:
        if inside:
            inside = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            inside = True
        elif character in "[{":
            depth += 1
            if depth > JSON_DEPTH:
                return True
        elif character in "]}":
            depth -= 1
    return False


def _texts_are_clean(tree: object) -> bool:
    pending = [tree]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            pending += item.keys()
            pending += item.values()
        elif isinstance(item, list):
            pending += item
        elif isinstance(item, str) and ("\x00" in item or any("\ud800" <= letter <= "\udfff" for letter in item)):
            return False
    return True
