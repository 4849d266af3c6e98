"""Space on the server's disk, and when it will be gone if the databases grow as they did.

The forecast is a least-squares line through the sizes that earlier checks recorded, at least a day apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import psycopg

from pgraduate.health.facts import Facts, SizePoint
from pgraduate.health.finding import Examination, HealthFinding
from pgraduate.health.questions import ask
from pgraduate.health.thresholds import DAY
from pgraduate.model.figure import render
from pgraduate.model.finding import Severity

_ADVICE = "find what grows: pgraduate maintain check --json lists sizes; VACUUM FULL needs as much again and locks"


class DiskSpace:
    name: ClassVar[str] = "disk"
    title: ClassVar[str] = "Disk and its growth"
    on_demand: ClassVar[bool] = False

    def run(self, connection: psycopg.Connection, facts: Facts, /) -> Examination:
        rows = ask(connection, "sizes")
        total = sum(int(row["bytes"] or 0) for row in rows)
        hidden = sum(row["bytes"] is None for row in rows)
        growth = growth_per_day([*facts.history, SizePoint(facts.now, total)])
        blind = [] if growth is not None else ["no earlier check, a day old or more, to tell growth from"]
        if hidden:
            blind.append(f"{hidden} databases may not be measured by role {facts.role}")
        figures: dict[str, int | float | None] = {"databases_bytes": total, "growth_bytes_per_day": growth}
        if facts.disk is None:
            blind.append("the server's disk cannot be seen from here")
            return Examination(self.name, len(rows) - hidden, "databases", (), tuple(blind), figures)
        figures |= {"disk_free_bytes": facts.disk.free, "disk_total_bytes": facts.disk.total}
        found = [finding for finding in (_free(facts), _forecast(facts, growth)) if finding is not None]
        return Examination(self.name, len(rows) - hidden, "databases", tuple(found), tuple(blind), figures)


def growth_per_day(points: Sequence[SizePoint]) -> float | None:
    """Fit a line through the sizes; None where they span less than a day."""
    if len(points) < 2 or (points[-1].at - points[0].at).total_seconds() < DAY:
        return None
    days = [(point.at - points[0].at).total_seconds() / DAY for point in points]
    mean_day = sum(days) / len(days)
    mean_size = sum(point.bytes for point in points) / len(points)
    spread = sum((day - mean_day) ** 2 for day in days)
    joint = sum((day - mean_day) * (point.bytes - mean_size) for day, point in zip(days, points, strict=True))
    return joint / spread


def _free(facts: Facts) -> HealthFinding | None:
    assert facts.disk is not None
    if facts.disk.total is None:
        return None
    limits, share = facts.thresholds, facts.disk.free / facts.disk.total
    if share >= limits.disk_notice:
        return None
    severity = Severity.NOTICE
    if share < limits.disk_warning:
        severity = Severity.ERROR if share < limits.disk_error else Severity.WARNING
    return HealthFinding(
        "DISK_FILLS",
        severity,
        "server's disk",
        f"{render(facts.disk.free, 'bytes')} of {render(facts.disk.total, 'bytes')} are free",
        "a full disk stops the server; a rebuilt index or table needs its size again meanwhile",
        "",
        _ADVICE,
        {"free": facts.disk.free, "total": facts.disk.total},
    )


def _forecast(facts: Facts, growth: float | None) -> HealthFinding | None:
    assert facts.disk is not None
    if growth is None or growth <= 0:
        return None
    days = facts.disk.free / growth
    if days >= facts.thresholds.forecast_warning_days:
        return None
    severity = Severity.ERROR if days < facts.thresholds.forecast_error_days else Severity.WARNING
    return HealthFinding(
        "DISK_FULL_SOON",
        severity,
        "server's disk",
        f"the databases grow by {render(growth, 'bytes')} a day; the free space lasts {days:.0f} days",
        "a full disk stops the server",
        "",
        _ADVICE,
        {"days": round(days, 1), "growth": round(growth)},
    )
