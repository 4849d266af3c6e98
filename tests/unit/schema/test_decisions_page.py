"""docs/decisions.md names every kind of decision, and every kind is met by a test."""

from __future__ import annotations

from support.case import Case
from support.cases_defaults import CASES as DEFAULTS
from support.cases_keys import CASES as KEYS
from support.cases_values import CASES as VALUES
from support.decisions_page import documented, kinds_in_code

CASES: tuple[Case, ...] = (*VALUES, *DEFAULTS, *KEYS)


def test_the_page_has_every_kind_that_the_code_asks_and_no_other() -> None:
    assert set(kinds_in_code()) == documented().keys()


def test_every_kind_of_a_source_is_met_by_a_case_that_is_carried_over() -> None:
    met = {name.partition(":")[0] for case in CASES for name in (*case.asks, *case.safe)}
    assert set(kinds_in_code(elsewhere=False)) - {"uninstall"} == met
