"""What a declared type asks for.

SQLite takes any text as a type name; only its affinity has meaning there.  Here the name is read as the wish of
its author, which `types` grants where every stored value proves it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto


class Family(Enum):
    """The kinds of type that a declaration can name beyond SQLite's own."""

    BOOLEAN = auto()
    DATE = auto()
    TIMESTAMP = auto()
    TIME = auto()
    DECIMAL = auto()
    CHARACTERS = auto()
    JSON = auto()
    UUID = auto()
    WORD = auto()
    """A name for text whose affinity is NUMERIC all the same: STRING, ENUM."""
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Declaration:
    """`name` is in upper case with single spaces, `arguments` are the numbers in parentheses."""

    name: str
    arguments: tuple[int, ...]
    family: Family


_SHAPE = re.compile(r"\s*([^(]*?)\s*(?:\(([^)]*)\)\s*(.*))?", re.DOTALL)

_NAMES = {
    Family.BOOLEAN: "BOOL BOOLEAN",
    Family.DATE: "DATE",
    Family.TIMESTAMP: "DATETIME TIMESTAMP TIMESTAMPTZ SMALLDATETIME DATETIME2 DATETIMEOFFSET",
    Family.TIME: "TIME TIMETZ INTERVAL",
    Family.DECIMAL: "DECIMAL NUMERIC DEC NUMBER MONEY SMALLMONEY CURRENCY FIXED",
    Family.CHARACTERS: "VARCHAR CHAR CHARACTER NCHAR NVARCHAR VARCHAR2 NVARCHAR2 BPCHAR",
    Family.JSON: "JSON JSONB",
    Family.UUID: "UUID GUID UNIQUEIDENTIFIER",
    Family.WORD: "STRING ENUM SET XML",
}
_PHRASES = {
    "TIMESTAMP WITHOUT TIME ZONE": Family.TIMESTAMP,
    "TIMESTAMP WITH TIME ZONE": Family.TIMESTAMP,
    "TIME WITHOUT TIME ZONE": Family.TIME,
    "TIME WITH TIME ZONE": Family.TIME,
    "CHARACTER VARYING": Family.CHARACTERS,
    "CHAR VARYING": Family.CHARACTERS,
    "VARYING CHARACTER": Family.CHARACTERS,
    "NATIVE CHARACTER": Family.CHARACTERS,
    "NATIONAL CHARACTER": Family.CHARACTERS,
    "NATIONAL CHARACTER VARYING": Family.CHARACTERS,
}
_FAMILIES = {name: family for family, names in _NAMES.items() for name in names.split()} | _PHRASES


def read(declared: str) -> Declaration:
    """Read a declared type; a name that means nothing special is of the family OTHER."""
    match = _SHAPE.fullmatch(declared)
    if match is None:
        return Declaration(declared.upper(), (), Family.OTHER)
    before, arguments, after = match.groups()
    name = " ".join(f"{before} {after or ''}".upper().split())
    numbers = [part.strip() for part in (arguments or "").split(",")]
    parsed = tuple(int(number) for number in numbers) if all(map(_is_count, numbers)) else ()
    return Declaration(name, parsed, _FAMILIES.get(name, Family.OTHER))


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit()
