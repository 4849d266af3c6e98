"""The forecast of growth, the heads of lock chains and the metrics' text, from values made by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgraduate.health import Examination, HealthFinding, SizePoint, is_good
from pgraduate.health.checks.disk import growth_per_day
from pgraduate.health.checks.lock_chains import chains
from pgraduate.health.metrics import render_metrics, write_metrics
from pgraduate.model.finding import Severity

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def _points(*sizes: tuple[float, int]) -> list[SizePoint]:
    return [SizePoint(BEGIN + timedelta(days=days), size) for days, size in sizes]


def test_a_straight_growth_is_found_exactly() -> None:
    assert growth_per_day(_points((0, 100), (1, 150), (2, 200))) == pytest.approx(50)


def test_less_than_a_day_tells_nothing() -> None:
    assert growth_per_day(_points((0, 100), (0.9, 900))) is None


def test_the_head_of_a_chain_is_the_one_that_waits_for_nobody() -> None:
    assert chains({2: [1], 3: [2], 4: [2, 3], 9: [8]}) == {1: [2, 3, 4], 8: [9]}


def test_a_cycle_is_told_from_its_smallest_number() -> None:
    assert chains({2: [3], 3: [2]}) == {2: [2, 3]}


@given(st.dictionaries(st.integers(1, 9), st.lists(st.integers(1, 9), min_size=1, max_size=3)))
def test_every_waiting_session_is_in_a_chain(blockers: dict[int, list[int]]) -> None:
    assert {pid for victims in chains(blockers).values() for pid in victims} == set(blockers)


def _examination(severity: Severity, where: str = "x") -> Examination:
    finding = HealthFinding("CODE", severity, where, "what", "why", "", "risk")
    return Examination("some_check", 3, "things", (finding,), (), {"bytes_of_it": 5, "unknown": None})


@pytest.mark.parametrize(("severity", "good"), [*zip(Severity, (True, True, False, False), strict=True)])
def test_a_server_is_good_when_nothing_above_notice_was_found(severity: Severity, good: bool) -> None:
    assert is_good([_examination(severity)]) is good


def test_metrics_escape_names_and_leave_out_what_was_not_measured() -> None:
    text = render_metrics([_examination(Severity.ERROR, 'a"b\\c\nd')], database="app", at=1.5)
    assert 'pgraduate_check_finding{database="app",code="CODE",where="a\\"b\\\\c\\nd"} 3\n' in text
    assert 'pgraduate_bytes_of_it{database="app"} 5\n' in text
    assert "unknown" not in text
    assert 'pgraduate_check_good{database="app"} 0\n' in text


def test_the_metrics_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "pgraduate.prom"
    path.write_text("old")
    write_metrics(path, "new\n")
    assert path.read_text() == "new\n"
    assert list(tmp_path.iterdir()) == [path]
