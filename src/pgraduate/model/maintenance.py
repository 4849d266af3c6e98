"""What pgraduate.toml says about looking after a server: sections [maintain] and [retention].

Values are read once and strictly: a rule that is not understood stops the command, since what it meant to keep could be
deleted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pgraduate.errors import UsageError

Destination = Literal["table", "csv", "parquet", "drop"]
_UNITS = {"hour": 1, "day": 24, "week": 24 * 7}
_KEEP = re.compile(r"(\d+) (hour|day|week)s?")
_MAINTAIN = {"pool": int, "workers": int, "window": str, "disk_free": int, "keep_backups": int}
_RULE = {"table", "age", "keep", "to", "batch", "pause_ms"}


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """Rows of `table` whose `age` column is older than `keep_hours` go to `to`: another table by its qualified name,
    segments of CSV or Parquet, or nowhere.  `batch` is parents per transaction, `pause_ms` the rest between two."""

    name: str
    table: str
    age: str
    keep_hours: int
    destination: Destination
    archive: str | None = None
    batch: int = 2_000
    pause_ms: int = 100


@dataclass(frozen=True, slots=True)
class Maintenance:
    """`window` is like 22:00-05:30, in the machine's time; `disk_free` is in bytes, for a server whose disk cannot be
    seen from here; `keep_backups` is how many proven backups stay."""

    pool: int | None = None
    workers: int | None = None
    window: str | None = None
    disk_free: int | None = None
    keep_backups: int = 7
    retention: tuple[RetentionRule, ...] = ()


def read_maintenance(maintain: Mapping[str, Any], retention: Mapping[str, Any]) -> Maintenance:
    """Read both sections; raise UsageError for what is not understood."""
    for key, value in maintain.items():
        if key not in _MAINTAIN:
            raise _wrong(f"unknown key '{key}' in [maintain]", "known are: " + ", ".join(sorted(_MAINTAIN)))
        if type(value) is not _MAINTAIN[key] or (isinstance(value, int) and value < 1):
            kind = "a number above 0" if _MAINTAIN[key] is int else "a text"
            raise _wrong(f"the value of '{key}' in [maintain] must be {kind}", f"{key} = …")
    rules = tuple(_rule(name, rule) for name, rule in retention.items())
    return Maintenance(**maintain, retention=rules)


def _rule(name: str, rule: Any) -> RetentionRule:
    where = f"[retention.{name}]"
    if not isinstance(rule, Mapping):
        raise _wrong(f"'{name}' in [retention] must be a section", f"write {where}")
    if unknown := set(rule) - _RULE:
        raise _wrong(f"unknown key '{min(unknown)}' in {where}", "known are: " + ", ".join(sorted(_RULE)))
    if missing := {"table", "age", "keep", "to"} - set(rule):
        raise _wrong(f"{where} lacks '{min(missing)}'", 'table, age, keep = "90 days", to = "drop"')
    for key, value in rule.items():
        wanted = int if key in ("batch", "pause_ms") else str
        if type(value) is not wanted or (isinstance(value, int) and value < (key == "batch")):
            raise _wrong(f"the value of '{key}' in {where} is not possible", "batch and pause_ms are numbers")
    kept = _KEEP.fullmatch(rule["keep"])
    if kept is None or int(kept[1]) < 1:
        raise _wrong(f"'{rule['keep']}' in {where} is no time", 'keep = "90 days", hours and weeks are known, too')
    destination, archive = _destination(rule["to"], where)
    return RetentionRule(
        name,
        rule["table"],
        rule["age"],
        int(kept[1]) * _UNITS[kept[2]],
        destination,
        archive,
        rule.get("batch", 2_000),
        rule.get("pause_ms", 100),
    )


def _destination(text: str, where: str) -> tuple[Destination, str | None]:
    word, _, name = text.partition(" ")
    if word == "table" and name.strip():
        return "table", name.strip()
    if text in ("csv", "parquet", "drop"):
        return text, None  # type: ignore[return-value]  # one of the words above
    raise _wrong(f"'{text}' in {where} is no place", 'to = "table archive.events", "csv", "parquet" or "drop"')


def _wrong(what: str, hint: str) -> UsageError:
    return UsageError(what, where="pgraduate.toml", hint=hint)
