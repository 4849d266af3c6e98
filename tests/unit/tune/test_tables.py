"""Parameters of a table follow from what was counted, and never from its size alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgraduate.tune.tables.churn import Churn
from pgraduate.tune.tables.formulas import propose

IDLE = Churn("app", "t", 5_000.0, 0, 0, 0, 0, 0, 0, (), 50.0, 0.2)


def _options(churn: Churn) -> dict[str, str]:
    return dict(propose([churn])[0].options) if propose([churn]) else {}


@pytest.mark.parametrize("rows", [5_000.0, 2e6, 2e7, 2e9])
def test_a_table_that_was_not_seen_at_work_keeps_the_defaults(rows: float) -> None:
    assert propose([replace(IDLE, rows=rows)]) == ()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (2e6, {"autovacuum_vacuum_scale_factor": "0.05", "autovacuum_analyze_scale_factor": "0.02"}),
        (
            2e7,
            {
                "autovacuum_vacuum_scale_factor": "0.01",
                "autovacuum_vacuum_threshold": "10000",
                "autovacuum_analyze_scale_factor": "0.02",
            },
        ),
        (
            2e8,
            {
                "autovacuum_vacuum_scale_factor": "0",
                "autovacuum_vacuum_threshold": "1000000",
                "autovacuum_analyze_scale_factor": "0.02",
            },
        ),
    ],
)
def test_the_larger_the_table_the_earlier_autovacuum_comes(rows: float, expected: dict[str, str]) -> None:
    assert _options(replace(IDLE, rows=rows, deleted=int(rows * 0.3))) == expected


def test_hot_updates_that_leave_their_page_get_room_on_it() -> None:
    busy = replace(IDLE, updated=10_000, hot_updated=4_000)
    assert _options(busy) == {"fillfactor": "90", "autovacuum_vacuum_scale_factor": "0.01"}
    assert _options(replace(busy, updated=50_000, hot_updated=20_000))["fillfactor"] == "85"


@pytest.mark.parametrize("hot", [0, 9_900], ids=["an indexed column changes", "they stay on their page already"])
def test_room_that_would_not_help_is_not_proposed(hot: int) -> None:
    assert "fillfactor" not in _options(replace(IDLE, updated=10_000, hot_updated=hot))


def test_what_somebody_has_set_is_left_as_it_is() -> None:
    busy = replace(IDLE, updated=10_000, hot_updated=4_000, options=("fillfactor=70",))
    assert set(_options(busy)) == {"autovacuum_vacuum_scale_factor"}


def test_rows_that_are_only_added_get_an_earlier_vacuum() -> None:
    grown = replace(IDLE, rows=3e6, inserted=200_000)
    assert _options(grown) == {"autovacuum_vacuum_insert_scale_factor": "0.05"}
    assert propose([replace(grown, inserted=1_000)]) == ()


def test_a_small_table_with_many_dead_rows_but_few_updates_keeps_the_defaults() -> None:
    assert propose([replace(IDLE, deleted=2_000, dead=2_000)]) == ()
