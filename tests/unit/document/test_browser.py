"""The summary in a real browser: silent, readable on a phone, printed on few sheets."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import sample_run
from support.browser import browser, look, sheets
from support.stories import story, walked

from pgraduate.document import Extras, render

MOST_SHEETS = 6
"""Of A4 or Letter: what a person reads before a decision."""


def _many() -> list[sample_run.Entry]:
    """A migration with far more tables, decisions and stops than a page can list."""
    entries = walked()
    names = [f"a_table_with_a_rather_long_name_{number}" for number in range(120)]
    decision = next(entry for entry in entries if entry["type"] == "decision")
    more = [decision | {"id": f"orphans:{name}"} for name in names]
    more += [sample_run.copied(name, 1_000, 65_536, 0.1) for name in names]
    more += [sample_run.compared(name, 1_000, 7_000) for name in names]
    verify = next(place for place, entry in enumerate(entries) if entry.get("step") == "verify-1")
    return [*entries[: verify + 2], *more, *entries[verify + 2 :]]


PAGES = {"walked": walked, "half-way": sample_run.killed, "120 tables": _many}


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    browser()
    path = tmp_path / "page.html"
    told = story(tmp_path / "run", PAGES[request.param](), rehearsed=True)
    path.write_text(render(told, Extras())["migration/MIGRATION_COMPLETE.html"], "utf-8")
    return path


def test_the_console_stays_silent_and_a_phone_shows_it_whole(page: Path, tmp_path: Path) -> None:
    seen = look(page, tmp_path)
    assert seen.console == []
    assert seen.width == 400
    assert seen.scroll <= seen.width, seen.wide
    assert seen.wide == []
    assert seen.smallest >= 12


def test_it_prints_on_few_sheets(page: Path, tmp_path: Path) -> None:
    assert 1 <= sheets(page, tmp_path) <= MOST_SHEETS
