"""The settings of a server as it tells them, in one unit, with the limits that it accepts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import psycopg
from psycopg.rows import dict_row

_UNITS = {"B": 1, "kB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "8kB": 8 << 10, "16MB": 16 << 20}
_TIMES = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}
_QUANTITY = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*")


@dataclass(frozen=True, slots=True)
class Setting:
    """`setting` is in `unit`, as pg_settings has it."""

    name: str
    setting: str
    unit: str
    context: str
    vartype: str
    source: str
    boot_val: str | None
    min_val: str | None
    max_val: str | None
    choices: tuple[str, ...]
    pending_restart: bool

    @property
    def bytes(self) -> int:
        """The value of a setting of memory; -1 stays -1, which means "by itself"."""
        return -1 if self.setting == "-1" else int(self.setting) * _UNITS.get(self.unit, 1)

    @property
    def needs_restart(self) -> bool:
        return self.context == "postmaster"


def native_number(value: str, unit: str) -> float | None:
    """Read a number with or without a unit in the setting's own unit, as pg_settings has it; None for a text."""
    found = _QUANTITY.fullmatch(value)
    if found is None:
        return None
    number, suffix = float(found[1]), found[2]
    factors = _UNITS if unit in _UNITS else _TIMES
    if not suffix or suffix == unit:
        return number
    if suffix not in factors or unit not in factors:
        return None
    return number * factors[suffix] / factors[unit]


def read_settings(connection: psycopg.Connection) -> Mapping[str, Setting]:
    text = files("pgraduate.tune.settings").joinpath("sql", "settings.sql").read_text("utf-8")
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(text.encode()).fetchall()
    return {row["name"]: Setting(**row | {"choices": tuple(row["choices"])}) for row in rows}
