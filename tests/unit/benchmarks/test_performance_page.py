"""The performance page says what the committed result files say, and nothing without them."""

from __future__ import annotations

import sys
from pathlib import Path

from support.golden import assert_golden

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT))

from benchmarks.load import page  # noqa: E402

RESULTS = page.read_results(page.load.RESULTS)
RUNS = page.read_results(page.journey.RESULTS)


def test_the_page_is_made_of_the_results() -> None:
    text = page.page(RESULTS, RUNS)
    if text is None:
        assert not page.PAGE.exists(), "a page of performance stands without anything measured"
    else:
        assert_golden(page.PAGE, text)


def test_the_pictures_are_made_of_the_results() -> None:
    pictures = page.pictures(RESULTS)
    assert {path.name for path in page.IMAGES.glob("load-*.svg")} == set(pictures)
    for name, picture in pictures.items():
        assert_golden(page.IMAGES / name, picture)


def test_a_page_without_loads_tells_of_whole_runs_alone() -> None:
    measured = {"date": "2026-01-01", "load_before": 0.5, "seconds": [60.0], "median": 60.0, "peak_pss": 1}
    machine = {"cores": 2, "processor": "any", "memory": 10**9, "server": "15", "python": "3.11", "psycopg": "3"}
    runs = {"runs": [{"name": "1 GB", "bytes": 10**9, "steps": {"copy": 20.0}, **measured, **machine}]}
    text = page.page(None, runs)
    assert text is not None
    assert text.count("\n## ") == 1
    assert "| 1 GB |" in text
    assert "limit" not in text
