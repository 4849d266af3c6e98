"""A plan for a server that somebody else runs: its provider, and the values as a parameter group takes them.

Providers take numbers in the server's own units and without suffixes (shared_buffers in pages of 8 kB), switches as 1
and 0, and say of each value whether it waits for a restart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pgraduate.tune.settings.current import Setting, native_number
from pgraduate.tune.settings.formulas import Proposal

_MARKS = {"rds.": "Amazon RDS", "cloudsql.": "Google Cloud SQL", "azure.": "Azure Database for PostgreSQL"}
"""What only this provider's servers have among their settings."""
FIXED = {"log_line_prefix"}
"""What providers decide themselves."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One entry of a parameter group, with the keys that `aws rds modify-db-parameter-group --parameters` reads."""

    ParameterName: str
    ParameterValue: str
    ApplyMethod: str


def provider_of(current: Mapping[str, Setting]) -> str | None:
    """Name the provider by the settings that only its servers have; None for any other server."""
    return next((who for mark, who in _MARKS.items() if any(name.startswith(mark) for name in current)), None)


def parameter_group(proposals: Iterable[Proposal], current: Mapping[str, Setting]) -> tuple[Parameter, ...]:
    """Write proposals as a parameter group; what providers decide themselves is left out."""
    return tuple(
        Parameter(
            item.name,
            native_value(item.value, current[item.name]),
            "pending-reboot" if item.needs_restart else "immediate",
        )
        for item in proposals
        if item.name not in FIXED
    )


def native_value(value: str, setting: Setting) -> str:
    """Write a value in the setting's own unit."""
    if setting.vartype == "bool":
        return {"on": "1", "off": "0"}.get(value, value)
    if setting.vartype not in ("integer", "real"):
        return value
    number = native_number(value, setting.unit)
    if number is None:
        return value
    return str(int(number)) if number == int(number) else str(number)
