"""Whether a text is JSON that PostgreSQL stores, reads and, as jsonb, loses nothing of."""

from __future__ import annotations

import json
from typing import NoReturn

from pgraduate.sqlite.forms.values import Value

JSON = "json"
"""The key for texts that PostgreSQL's json type takes and every JSON function of it can read."""
JSON_DEPTH = 512
"""Deeper documents stay text: PostgreSQL's parser is bounded by max_stack_depth, SQLite's by 1,000 levels."""
DOCUMENT_CHARACTERS = 16 << 20
"""Longer documents stay text: jsonb holds 256 MB at most, and its own form of one takes more than the text."""
_LARGEST_EXPONENT = 1_000
"""numeric holds 131,072 digits before the point and 16,383 after it; documents are not made of such numbers."""


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
    if len(value) > DOCUMENT_CHARACTERS or _too_deep(value):
        return False
    try:
        _STRICT.decode(value)
    except (ValueError, RecursionError):
        return False
    return "\\u" not in value or is_json(value)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


_JSON = json.JSONDecoder(parse_constant=_refuse, parse_int=len, parse_float=len)
"""Numbers are only measured: Python refuses to convert integers of more than 4,300 digits."""


def _each_key_once(members: list[tuple[str, object]]) -> None:
    if len({key for key, _ in members}) < len(members):
        raise ValueError("a key stands twice")


def _moderate(number: str) -> None:
    if len(number) <= 20 and "e" not in number and "E" not in number:
        return
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
