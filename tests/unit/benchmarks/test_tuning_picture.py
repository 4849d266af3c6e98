"""The picture of the tuned queries shows what the page's table says."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT))

from benchmarks.plot import grouped_bars  # noqa: E402

DOCS = ROOT / "docs"
SIDES = ("untuned", "plain Extend", "pgraduate")


def test_the_picture_is_drawn_from_the_table() -> None:
    page = (DOCS / "tuning-results.md").read_text("utf-8")
    rows = re.findall(r"^\| (q\d\d) \| ([\d.]+) ms \| ([\d.]+) ms \| ([\d.]+) ms \|$", page, re.MULTILINE)
    assert f"| {' | '.join(SIDES)} |" in page
    assert len(rows) == page.count("\n| q")
    sides = {side: {row[0]: float(row[place]) for row in rows} for place, side in enumerate(SIDES, start=1)}
    picture = (DOCS / "images" / "tuning-queries.svg").read_text("utf-8")
    assert picture == grouped_bars("Median time of each query", sides, unit="ms")
