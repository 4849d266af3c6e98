"""The performance page says what the committed result file says."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from support.golden import assert_golden

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT))

from benchmarks.load import page  # noqa: E402


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    return dict(json.loads(page.load.RESULTS.read_text()))


def test_the_page_is_made_of_the_results(results: dict[str, Any]) -> None:
    runs = json.loads(page.journey.RESULTS.read_text())
    assert_golden(ROOT / "docs" / "performance.md", page.page(results, runs))


def test_the_pictures_are_made_of_the_results(results: dict[str, Any]) -> None:
    for name, picture in page.pictures(results).items():
        assert_golden(ROOT / "docs" / "images" / name, picture)
