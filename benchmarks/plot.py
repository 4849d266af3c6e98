"""Bars as a standalone SVG file, for pages that show what a benchmark measured."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDTH, ROW, LEFT, RIGHT = 720, 26, 190, 90


def bars(title: str, values: Sequence[tuple[str, float]], *, unit: str = "×", own: str = "pgraduate") -> str:
    """Draw one bar per value, longest scale first at full width; the bar named `own` stands out."""
    longest = max(value for _, value in values)
    height = 40 + ROW * len(values)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' font-family="system-ui, sans-serif" font-size="13">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="8" y="22" font-size="15" font-weight="bold" fill="#222222">{escape(title)}</text>',
    ]
    for place, (name, value) in enumerate(values):
        top = 36 + ROW * place
        width = (WIDTH - LEFT - RIGHT) * value / longest
        colour = "#2f6f9f" if name == own else "#b8c4cc"
        lines += [
            f'<text x="{LEFT - 8}" y="{top + 15}" text-anchor="end" fill="#222222">{escape(name)}</text>',
            f'<rect x="{LEFT}" y="{top + 3}" width="{width:.1f}" height="16" rx="2" fill="{colour}"/>',
            f'<text x="{LEFT + width + 6:.1f}" y="{top + 15}" fill="#222222">{value:.2f}{escape(unit)}</text>',
        ]
    return "\n".join([*lines, "</svg>"]) + "\n"
