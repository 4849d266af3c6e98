"""Whether one SQLite value converts by a named representation and comes back as it was.

Pure and exact: a check is true only if rendering what was parsed gives the very text, in the very storage class.
Which checks are worth making follows from the words of the declared type; see `candidates`.
"""

from __future__ import annotations

import ipaddress
import json
import re

from pgraduate.model.representation import Representation, Rule
from pgraduate.sqlite.forms.documents import JSON, is_document, is_json
from pgraduate.sqlite.forms.moments import (
    EPOCH_UNITS,
    FIRST_SECOND,
    LAST_SECOND,
    is_date,
    is_julian,
    time_by,
    timestamp_by,
)
from pgraduate.sqlite.forms.numbers import decimal_by, is_number, numeric_by
from pgraduate.sqlite.forms.values import Check, Value

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_HEX_UUID = re.compile(r"[0-9a-f]{32}")
_EXACT = 2**53
_LONGEST_DURATION = 999_999_999 * 86_400 * 1_000_000
"""Microseconds of the longest timedelta of Python, which PostgreSQL's interval holds as well."""


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
            per_second = EPOCH_UNITS[representation.detail]
            return FIRST_SECOND * per_second, (LAST_SECOND + 1) * per_second - 1
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
            return time_by(detail)
        case Rule.ADDRESS:
            return _is_address
        case Rule.ENUM:
            labels = frozenset(json.loads(detail))
            return lambda value: value in labels
        case Rule.UUID:
            return lambda value: isinstance(value, str) and _UUID.fullmatch(value) is not None
        case Rule.DATE:
            return is_date
        case Rule.TIMESTAMP:
            return timestamp_by(detail)
        case Rule.DURATION if detail:
            return timestamp_by("YYYY-MM-DD HH:MM:SS.ffffff")
        case Rule.JULIAN:
            return is_julian
        case Rule.DECIMAL:
            digits, _, scale = detail.partition(",")
            return decimal_by(int(digits), int(scale))
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
            return numeric_by(int(digits), int(scale))
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


def _is_address(value: Value) -> bool:
    """Whether a text is an IP address as PostgreSQL writes it; IPv6 with a dotted part, written otherwise there, is not."""
    try:
        parsed = ipaddress.ip_address(value) if isinstance(value, str) else None
    except ValueError:
        return False
    if parsed is None or (parsed.version == 6 and int(parsed) >> 32 in (0, 0xFFFF)):
        return False
    return str(parsed) == value
