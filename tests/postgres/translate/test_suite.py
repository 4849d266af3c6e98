"""Every statement of the suite on both engines under both policies, and the table that is drawn from the outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from support.dialect_page import page
from support.golden import assert_golden
from support.server import PrivateServer
from support.translate_suite import FOLDERS, POLICIES, Case, make_database, rows, twins_of

from pgraduate.translate import Comparison, Outcome, split

ROOT = Path(__file__).parents[3]
ROWS_OF = {folder: rows(folder) for folder in FOLDERS}
ROWS = tuple(row for found in ROWS_OF.values() for row in found)
CASES = [case for row in ROWS for case in row.cases]
Outcomes = Mapping[str, Mapping[Case, Comparison]]


@pytest.fixture(scope="module")
def outcomes(server: PrivateServer, tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """Run the whole suite once under each policy; statements do not meet each other's changes."""
    found: dict[str, dict[Case, Comparison]] = {policy: {} for policy in POLICIES}
    for folder, those in ROWS_OF.items():
        path = make_database(tmp_path_factory.mktemp("suite") / f"{folder.name}.db", folder)
        for policy in POLICIES:
            with server.database() as conninfo, twins_of(path, conninfo, policy) as twins:
                found[policy] |= {
                    case: twins.compare(split(case.text)[0], case.values) for row in those for case in row.cases
                }
    return found


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.row}: {case.text}"[:90])
def test_a_statement_has_the_outcome_that_is_known_of_it(case: Case, policy: str, outcomes: Outcomes) -> None:
    found = outcomes[policy][case]
    assert found.outcome == case.under(policy).outcome, found


def test_a_known_difference_is_explained() -> None:
    for case in CASES:
        for expectation in case.expected.values():
            assert bool(expectation.why) == (expectation.outcome is Outcome.DIFFERENT), case.text


def test_there_are_enough_statements_over_enough_rows() -> None:
    assert len(CASES) >= 1450
    assert len(ROWS) >= 90


def test_the_page_of_the_dialect_says_what_was_found(
    outcomes: Outcomes, capsys: pytest.CaptureFixture[str]
) -> None:
    text = page(ROWS, outcomes)
    with capsys.disabled():
        print("\n" + "\n".join(line for line in text.splitlines() if line.startswith("| **all**")))
    assert_golden(ROOT / "docs" / "dialect.md", text)
