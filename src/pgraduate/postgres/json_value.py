"""JSON compared as values: one canonical text for all texts that mean the same.

jsonb keeps neither spacing nor the order of keys, of a repeated key only the last one, and the value of a number but
not its spelling.  What remains is made canonical here for both sides, apart from PostgreSQL's and the loader's code.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from pgraduate.model.cell import Cell


def json_value(text: str) -> Cell:
    """Give the mark of the value that a JSON text means; a text that is not JSON stays what it is."""
    try:
        return ("json", _canonical(_DECODER.decode(text)))
    except (ValueError, RecursionError):
        return text


_DECODER = json.JSONDecoder(parse_int=Decimal, parse_float=Decimal)


def _canonical(value: Any) -> str:
    match value:
        case dict():
            members = (f"{json.dumps(key)}:{_canonical(item)}" for key, item in sorted(value.items()))
            return "{" + ",".join(members) + "}"
        case list():
            return "[" + ",".join(map(_canonical, value)) + "]"
        case Decimal():
            return _number(value)
        case _:
            return json.dumps(value)


def _number(value: Decimal) -> str:
    """Write a number by its digits and its power of ten, without the zeros that do not change it."""
    sign, digits, exponent = value.as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    stripped = text.rstrip("0")
    if not stripped:
        return "0"
    assert isinstance(exponent, int)
    return f"{'-' if sign else ''}{stripped}e{exponent + len(text) - len(stripped)}"
