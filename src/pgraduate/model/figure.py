"""A number that a report may print, with the step that measured it.

Templates accept nothing else as a number, so a figure without a source cannot be printed; one that was not
measured says so.
"""

from __future__ import annotations

from dataclasses import dataclass

NOT_MEASURED = "not measured"


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is None where nothing was measured; `unit` is one of rows, cells, bytes, seconds, objects, ratio
    or '' for a plain count; `step` is the journal step that measured it."""

    name: str
    value: int | float | None
    unit: str
    step: str

    def __str__(self) -> str:
        if self.value is None:
            return NOT_MEASURED
        return render(self.value, self.unit)


def render(value: int | float, unit: str) -> str:
    """Write a value for people: thousands separated, bytes in binary multiples, seconds to what was resolved."""
    if unit == "bytes":
        return _bytes(value)
    if unit == "seconds":
        return _seconds(float(value))
    if unit == "ratio":
        return f"{value:.2f}×"
    number = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
    noun = unit.removesuffix("s") if value == 1 else unit
    return f"{number} {noun}".rstrip()


def _bytes(value: int | float) -> str:
    size = float(value)
    for unit in ("B", "KiB", "MiB", "GiB"):
        digits = 0 if unit == "B" else 1
        if round(size, digits) < 1024 or unit == "GiB":
            return f"{size:,.{digits}f} {unit}"
        size /= 1024
    raise AssertionError("unreachable")


def _seconds(value: float) -> str:
    if 0 < value < 0.001:
        return "< 1 ms"
    if round(value, 3) < 1:
        return f"{value * 1000:.0f} ms"
    if round(value, 1) < 120:
        return f"{value:.1f} s"
    minutes, seconds = divmod(round(value), 60)
    if minutes < 120:
        return f"{minutes} min {seconds} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"
