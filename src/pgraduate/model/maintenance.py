"""What pgraduate.toml says about looking after a server: the section [maintain]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pgraduate.errors import UsageError
from pgraduate.model.retention import RetentionRule, read_rules

_MAINTAIN = {"pool": int, "workers": int, "window": str, "disk_free": int, "keep_backups": int}


@dataclass(frozen=True, slots=True)
class Maintenance:
    """`window` is like 22:00-05:30, in the machine's time; `disk_free` is in bytes, for a server whose disk cannot be
    seen from here; `keep_backups` is how many backups stay."""

    pool: int | None = None
    workers: int | None = None
    window: str | None = None
    disk_free: int | None = None
    keep_backups: int = 7
    retention: tuple[RetentionRule, ...] = ()


def read_maintenance(maintain: Mapping[str, Any]) -> Maintenance:
    """Read the section strictly; raise UsageError for what is not understood."""
    values = {key: value for key, value in maintain.items() if key != "retention"}
    for key, value in values.items():
        if key not in _MAINTAIN:
            raise _wrong(
                f"unknown key '{key}' in [maintain]", "known are: " + ", ".join(sorted((*_MAINTAIN, "retention")))
            )
        if type(value) is not _MAINTAIN[key] or (isinstance(value, int) and value < 1):
            kind = "a number above 0" if _MAINTAIN[key] is int else "a text"
            raise _wrong(f"the value of '{key}' in [maintain] must be {kind}", f"{key} = …")
    return Maintenance(**values, retention=read_rules(maintain.get("retention", [])))


def _wrong(what: str, hint: str) -> UsageError:
    return UsageError(what, where="pgraduate.toml", hint=hint)
