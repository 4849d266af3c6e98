"""The parameters of a translated text, as a driver binds them.

Translations number their parameters as SQLite does, and a rewrite may have dropped one or used it twice.  A server
wants `$1` … `$n` without gaps, psycopg names in `%(…)s`; both forms are made here from the text, outside of strings
and quoted names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

_PLACE = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?P<number>[0-9]+)|(?P<percent>%)""")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Bound:
    """`numbers` gives for `$1`, `$2` … of `sql` SQLite's number of the parameter, from 1."""

    sql: str
    numbers: tuple[int, ...]

    def values(self, given: Sequence[_Value]) -> tuple[_Value, ...]:
        """Choose from the values of SQLite's parameters, in the order of their numbers, those that the text binds."""
        return tuple(given[number - 1] for number in self.numbers)


def positional(sql: str) -> Bound:
    """Number the parameters of a text anew, without those that it does not use."""
    places: dict[int, int] = {}

    def number(match: re.Match[str]) -> str:
        found = match["number"]
        return match[0] if found is None else f"${places.setdefault(int(found), len(places) + 1)}"

    return Bound(_PLACE.sub(number, sql), tuple(places))


def named(sql: str, prefix: str = "p") -> str:
    """Write `%(p1)s` for `$1`, and every other percent sign twice, also in strings, as psycopg reads it."""

    def marker(match: re.Match[str]) -> str:
        return f"%({prefix}{match['number']})s" if match["number"] else match[0].replace("%", "%%")

    return _PLACE.sub(marker, sql)
