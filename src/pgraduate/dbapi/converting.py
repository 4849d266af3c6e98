"""`detect_types`: which registered converter reads which column of a result, and how.

A converter is found by the type that the column was declared with, which SQLite itself tells, or by what stands in
brackets in the column's name.  As in sqlite3 it is looked up when the statement runs, is given the value's bytes, and
never sees NULL.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any

Converter = Callable[[bytes], Any]
_IN_BRACKETS = re.compile(r" \[([^\]]*)\]")
_FIRST_WORD = re.compile(r"[^ (]*")


def type_names(names: Sequence[str], declared: Sequence[str], detect_types: int) -> tuple[str | None, ...]:
    """Give for each column the name under which its converter would be registered, None where nothing names one."""
    found: list[str | None] = []
    for name, declaration in zip(names, declared, strict=True):
        bracketed = _IN_BRACKETS.search(name) if detect_types & sqlite3.PARSE_COLNAMES else None
        if bracketed is not None:
            found.append(bracketed[1].upper())
            continue
        word = _FIRST_WORD.match(declaration) if detect_types & sqlite3.PARSE_DECLTYPES else None
        found.append(word[0].upper() if word is not None and word[0] else None)
    return tuple(found)


def shown_name(name: str) -> str:
    """Give a column's name without what `PARSE_COLNAMES` reads in it."""
    return name.partition(" [")[0]


def converters(names: Sequence[str | None]) -> tuple[Converter | None, ...]:
    """Look up what is registered now."""
    return tuple(None if name is None else sqlite3.converters.get(name) for name in names)


def converted(
    rows: Iterator[tuple[Any, ...]], found: Sequence[Converter | None], plain: Callable[[Any], Any]
) -> Iterator[tuple[Any, ...]]:
    """Read each row through its columns' converters, and through `plain` where there is none."""
    for row in rows:
        yield tuple(
            plain(value) if convert is None else _through(convert, value)
            for value, convert in zip(row, found, strict=True)
        )


def _through(convert: Converter, value: Any) -> Any:
    found = None if value is None else _bytes(value)
    return None if found is None else convert(found)


def _bytes(value: Any) -> bytes | None:
    """Give the bytes that sqlite3 finds in a value that it asks for as a blob: none at all in an empty one."""
    if isinstance(value, bytes):
        return value or None
    return (_real(value) if isinstance(value, float) else str(value)).encode() or None


def _real(value: float) -> str:
    """Write a double as SQLite writes one into text: 15 digits, and always a point."""
    if value in (float("inf"), float("-inf")):
        return "Inf" if value > 0 else "-Inf"
    digits, e, exponent = f"{value:.15g}".partition("e")
    return (digits if "." in digits else f"{digits}.0") + e + exponent
