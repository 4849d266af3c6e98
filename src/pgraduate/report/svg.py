"""Horizontal bar charts as inline SVG: no script, no fixed width, readable on a phone and on paper.

Positions along a bar are percentages and heights are pixels, so a chart fills its container and its text keeps
its size.  Colours come from the page (`currentColor` and the class `bar`).  A bar's length and its label come
from the same Figure; one that was not measured has no bar.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from pgraduate.model.figure import Figure
from pgraduate.report.text import printable

ROW = 40
"""Height of one bar with its label, in pixels."""
LONGEST_LABEL = 26
"""Characters of a label that fit beside a value on a screen 400 pixels wide."""
MOST_BARS = 12


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    figure: Figure


def largest(bars: Iterable[Bar]) -> tuple[Bar, ...]:
    """Give the longest bars, longest first; what was not measured comes last."""
    ordered = sorted(bars, key=lambda bar: (bar.figure.value is None, -(bar.figure.value or 0), bar.label))
    return tuple(ordered[:MOST_BARS])


def bar_chart(title: str, bars: Iterable[Bar]) -> Markup:
    """Draw the bars in the order given, each with its label and its figure as text."""
    shown = tuple(bars)
    longest = max((bar.figure.value or 0 for bar in shown), default=0)
    rows = Markup("").join(_row(bar, index * ROW, longest) for index, bar in enumerate(shown))
    return Markup(
        '<svg class="chart" role="img" aria-label="{}" width="100%" height="{}" fill="currentColor">{}</svg>'
    ).format(printable(title), len(shown) * ROW, rows)


def _row(bar: Bar, top: int, longest: float) -> Markup:
    """Draw one label, its value at the right edge, a faint track and the bar itself."""
    label, value = printable(bar.label), bar.figure.value
    row = Markup(
        '<g><title>{}: {}</title><text x="0" y="{}">{}</text>'
        '<text class="value" x="100%" y="{}" text-anchor="end">{}</text>'
        '<rect x="0" y="{}" width="100%" height="6" rx="3" opacity="0.1"/>'
    ).format(label, str(bar.figure), top + 17, _short(label), top + 17, str(bar.figure), top + 25)
    if value is not None and value > 0:
        # A value that is there must be seen: half a percent is about two pixels on a phone.
        share = max(100 * value / longest, 0.5)
        row += Markup('<rect class="bar" x="0" y="{}" width="{}%" height="6" rx="3"/>').format(
            top + 25, f"{share:.2f}"
        )
    return row + Markup("</g>")


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
