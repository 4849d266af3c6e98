"""What pgraduate.toml says about how long rows stay: the entries [[maintain.retention]].

A rule names a table, the column that tells a row's age, how long a row stays, and where it goes then.  Invariant: a
rule that could be read in two ways is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pgraduate.errors import UsageError

_KEEP = re.compile(r"([1-9]\d{0,4}) (day|week|month|year)s?")
_TEXTS = {"table", "age", "keep", "to", "unit", "archive", "directory"}
_KNOWN = _TEXTS | {"children", "batch"}
_WANTED = ("table", "age", "keep", "to")


class Destination(StrEnum):
    ARCHIVE = "archive"
    CSV = "csv"
    DROP = "drop"


class Unit(StrEnum):
    """How a number tells a moment: seconds, milliseconds or microseconds since 1970, or days of the Julian count."""

    SECONDS = "s"
    MILLISECONDS = "ms"
    MICROSECONDS = "us"
    JULIAN = "julian"


@dataclass(frozen=True, slots=True)
class RetentionRule:
    schema: str
    table: str
    age: str
    """The column that tells a row's age."""
    amount: int
    period: str
    """day, week, month or year."""
    to: Destination
    unit: Unit | None = None
    archive: str | None = None
    """The schema of the archive tables."""
    directory: str | None = None
    """Where segments go, relative to the project."""
    children: tuple[str, ...] = ()
    """Under drop: the tables whose rows may be lost with those of this one."""
    batch: int = 2000
    """The largest number of rows that one transaction moves, without those that follow."""

    @property
    def name(self) -> str:
        return f"{self.schema}.{self.table}"

    @property
    def keep(self) -> str:
        return f"{self.amount} {self.period}{'s' if self.amount > 1 else ''}"


def read_rules(entries: Any) -> tuple[RetentionRule, ...]:
    """Read the entries strictly; raise UsageError for what is not understood."""
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise _wrong("'retention' must be a list of rules", "write [[maintain.retention]]")
    rules = tuple(_read(entry) for entry in entries)
    names = [rule.name for rule in rules]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise _wrong(f"two rules are about {twice[0]}", "a table has one rule")
    return rules


def _read(entry: Mapping[str, Any]) -> RetentionRule:
    for key, value in entry.items():
        if key not in _KNOWN:
            raise _wrong(
                f"unknown key '{key}' in [[maintain.retention]]", "known are: " + ", ".join(sorted(_KNOWN))
            )
        if key in _TEXTS and (not isinstance(value, str) or not value or "\x00" in value):
            raise _wrong(f"the value of '{key}' in [[maintain.retention]] must be a text", f'{key} = "…"')
    for key in _WANTED:
        if key not in entry:
            raise _wrong(f"a rule of [[maintain.retention]] has no '{key}'", f"a rule has {', '.join(_WANTED)}")
    schema, dot, table = entry["table"].partition(".")
    if not (schema and dot and table):
        raise _wrong(f"'{entry['table']}' is no table with its schema", 'table = "shop.orders"')
    kept = _KEEP.fullmatch(entry["keep"])
    if kept is None:
        raise _wrong(f"'{entry['keep']}' is no length of time", 'keep = "90 days", "6 months", "2 years"')
    to = _one_of(Destination, "to", entry["to"])
    if "archive" in entry and to is not Destination.ARCHIVE:
        raise _wrong("'archive' names the schema of archive tables", 'it belongs to = "archive"')
    if "directory" in entry and to is not Destination.CSV:
        raise _wrong("'directory' is where segments go", 'it belongs to = "csv"')
    batch = entry.get("batch", 2000)
    if type(batch) is not int or not 1 <= batch <= 10_000:
        raise _wrong("'batch' must be a number from 1 to 10000", "batch = 2000")
    return RetentionRule(
        schema,
        table,
        entry["age"],
        int(kept[1]),
        kept[2],
        to,
        _one_of(Unit, "unit", entry["unit"]) if "unit" in entry else None,
        entry.get("archive"),
        entry.get("directory"),
        _names(entry.get("children", [])),
        batch,
    )


def _one_of(kind: Any, key: str, value: str) -> Any:
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(member.value for member in kind)
        raise _wrong(f"'{value}' is not known as '{key}'", f"known are: {known}") from None


def _names(value: Sequence[Any]) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _wrong("'children' must be a list of tables", 'children = ["shop.lines"]')
    return tuple(value)


def _wrong(what: str, hint: str) -> UsageError:
    return UsageError(what, where="pgraduate.toml", hint=hint)
