"""Bars as standalone SVG files, for pages that show what a benchmark measured.

Every picture brings its own white ground and its own colours, so that it reads the same on a dark page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

WIDTH, ROW, LEFT, RIGHT = 720, 26, 190, 90
_BAR, _GAP, _NAME = 15, 12, 48
"""Of grouped bars, in pixels: a bar's row, the space between two groups, the width of a group's name."""
_OWN, _OTHERS, _INK = "#2f6f9f", ("#b8c4cc", "#8a98a3", "#d9c08c"), "#222222"


def bars(title: str, values: Sequence[tuple[str, float]], *, unit: str = "×", own: str = "pgraduate") -> str:
    """Draw one bar per value, longest scale first at full width; the bar named `own` stands out."""
    longest = max(value for _, value in values)
    height = 40 + ROW * len(values)
    lines = list(_ground(title, height))
    for place, (name, value) in enumerate(values):
        top = 36 + ROW * place
        width = (WIDTH - LEFT - RIGHT) * value / longest
        colour = _OWN if name == own else _OTHERS[0]
        lines += [
            f'<text x="{LEFT - 8}" y="{top + 15}" text-anchor="end" fill="{_INK}">{escape(name)}</text>',
            f'<rect x="{LEFT}" y="{top + 3}" width="{width:.1f}" height="16" rx="2" fill="{colour}"/>',
            f'<text x="{LEFT + width + 6:.1f}" y="{top + 15}" fill="{_INK}">{value:.2f}{escape(unit)}</text>',
        ]
    return "\n".join([*lines, "</svg>"]) + "\n"


def grouped_bars(title: str, sides: Mapping[str, Mapping[str, float]], *, unit: str, own: str = "pgraduate") -> str:
    """Draw a group per name, in it a bar per side; `sides` holds each side's value by name, all of the same names."""
    names = list(next(iter(sides.values())))
    others = iter(_OTHERS)
    colours = {side: _OWN if side == own else next(others) for side in sides}
    longest = max(value for values in sides.values() for value in values.values())
    group = _BAR * len(sides) + _GAP
    lines = list(_ground(title, 62 + group * len(names)))
    for place, (side, colour) in enumerate(colours.items()):
        left = _NAME + place * 150
        lines += [
            f'<rect x="{left}" y="35" width="12" height="12" rx="2" fill="{colour}"/>',
            f'<text x="{left + 18}" y="45" fill="{_INK}">{escape(side)}</text>',
        ]
    for number, name in enumerate(names):
        top = 60 + number * group
        middle = top + _BAR * len(sides) / 2 + 3
        lines.append(f'<text x="{_NAME - 8}" y="{middle}" text-anchor="end" fill="{_INK}">{escape(name)}</text>')
        for place, (side, colour) in enumerate(colours.items()):
            value = sides[side][name]
            width, y = (WIDTH - _NAME - RIGHT) * value / longest, top + place * _BAR
            lines += [
                f'<rect x="{_NAME}" y="{y}" width="{width:.1f}" height="{_BAR - 3}" rx="2" fill="{colour}"/>',
                f'<text x="{_NAME + width + 6:.1f}" y="{y + _BAR - 4}" font-size="11" fill="{_INK}">'
                f"{value:.1f} {escape(unit)}</text>",
            ]
    return "\n".join([*lines, "</svg>"]) + "\n"


def _ground(title: str, height: int) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' font-family="system-ui, sans-serif" font-size="13">'
    )
    yield f"<title>{escape(title)}</title>"
    yield f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>'
    yield f'<text x="8" y="22" font-size="15" font-weight="bold" fill="{_INK}">{escape(title)}</text>'
