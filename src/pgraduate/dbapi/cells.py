"""What the server answers, as the Python values that sqlite3 gives.

Integers, doubles, texts and bytes arrive as they are; every other type arrives as the server's text and is read
through its column's representation.  The invariant: a value that the representation cannot have come from raises.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from psycopg.types.numeric import Int8Dumper
from psycopg.types.string import TextLoader

from pgraduate.dialect.translation import OutputColumn
from pgraduate.model.representation import Representation, Rule
from pgraduate.postgres import any_value
from pgraduate.postgres.cell_reader import cell_reader
from pgraduate.postgres.decoders import reading

_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,18}|-?[0-9]+\.[0-9]+(?:e[+-][0-9]+)?|-?Inf(?:inity)?")
Convert = Callable[[tuple[Any, ...]], tuple[Any, ...]]
Read = Callable[[Any], Any]

_AS_THEY_ARE = frozenset({"int2", "int4", "int8", "float4", "float8", "text", "varchar", "bpchar", "name", "bytea"})
_AS_TEXT = (
    "bool", "numeric", "date", "timestamp", "timestamptz", "time", "timetz", "interval", "json", "jsonb", "uuid",
    "inet", "cidr",
)  # fmt: skip


def speak_plainly(connection: psycopg.Connection) -> None:
    """Let a connection send every integer as 64 bits, and give what has no counterpart in SQLite as text."""
    connection.adapters.register_dumper(int, Int8Dumper)
    for name in _AS_TEXT:
        connection.adapters.register_loader(name, TextLoader)


def conversion(columns: Sequence[OutputColumn], bases: Sequence[str]) -> Convert | None:
    """Give what turns a row into SQLite's values, None where every value is one already."""
    readers = [_reader(column.representation, base) for column, base in zip(columns, bases, strict=True)]
    if not any(readers):
        return None

    def convert(row: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(
            value if read is None or value is None else read(value)
            for read, value in zip(readers, row, strict=True)
        )

    return convert


def _reader(representation: Representation | None, base: str) -> Read | None:
    if representation is not None and representation.rule is Rule.JSON_VALUE:
        return None
    if representation is not None and representation.rule is Rule.ANY_VALUE:
        return any_value.read
    if _is_dynamic(representation):
        return dynamic
    if base in _AS_THEY_ARE:
        natural = reading(representation, base).natural if representation is not None else None
        return None if natural is None else _certain(natural)
    return _certain(cell_reader(representation, base))


def _is_dynamic(representation: Representation | None) -> bool:
    return representation is not None and representation.rule is Rule.ANY_TEXT and representation.detail != "TEXT"


def dynamic(text: str) -> int | float | str:
    """Read a value of a column that holds any class as text: a number where it is written as PostgreSQL's side writes
    numbers, else the text."""
    if not reads_as_number(text):
        return text
    whole = int(text) if text.removeprefix("-").isdigit() else None
    if whole is None:
        return float(text)
    return whole if -(2**63) <= whole < 2**63 else text


def reads_as_number(text: str) -> bool:
    """Say whether a text would come back as a number from a column that holds any class as text."""
    return _NUMBER.fullmatch(text) is not None


def _certain(read: Read) -> Read:
    def checked(value: Any) -> Any:
        cell = read(value)
        if type(cell) is tuple:
            raise sqlite3.DataError("a value in the database is not one that its column can have held in SQLite")
        return cell

    return checked
