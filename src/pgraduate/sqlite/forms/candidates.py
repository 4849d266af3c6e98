"""Which forms a column's values are worth testing for: by its declared type, by its name, by what shows itself."""

from __future__ import annotations

import re

from pgraduate.model.hints import Hint, hint_of
from pgraduate.model.representation import BOOLEAN_WORDS, MONEY, TIMESTAMP_FORMATS, Representation, Rule
from pgraduate.model.storage import Affinity
from pgraduate.sqlite.forms.documents import JSON
from pgraduate.sqlite.forms.moments import EPOCH_UNITS
from pgraduate.sqlite.forms.values import Takes

_PRECISION = re.compile(r"(?:DECIMAL|NUMERIC|DEC|NUMBER|MONEY)\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)")
_MAX_PRECISION = 1000
"""Digits: PostgreSQL takes no more in numeric(p, s)."""


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
        found |= dict.fromkeys((_name(Rule.EPOCH, unit) for unit in EPOCH_UNITS), "integer")
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


def _name(rule: Rule, detail: str) -> str:
    return str(Representation(rule, detail))
