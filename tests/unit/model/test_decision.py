from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pgraduate.errors import UsageError
from pgraduate.model.decision import Decision, OpenDecisions, Option, require_answers, resolve

OPTIONS = (Option("keep", "all rows arrive"), Option("drop", "the rows stay behind", leaves_behind=True))
OPEN = Decision("orphans:app.t(a)", "What becomes of the rows?", OPTIONS, "they have no parent")
SAFE = replace(OPEN, id="nul:app.t(b)", safe="keep")


def test_a_decision_without_an_answer_or_a_safe_option_stays_open() -> None:
    assert resolve([OPEN], {}) == (OPEN,)


def test_a_safe_option_is_taken_and_says_so() -> None:
    (decision,) = resolve([SAFE], {})
    assert (decision.answer, decision.answered_by) == ("keep", "safe option")


def test_an_answer_in_the_file_goes_before_the_safe_option() -> None:
    (decision,) = resolve([SAFE], {SAFE.id: "drop"})
    assert (decision.answer, decision.answered_by) == ("drop", "pgraduate.toml")


def test_an_answer_that_is_no_option_is_refused_with_the_options() -> None:
    with pytest.raises(UsageError) as caught:
        resolve([OPEN], {OPEN.id: "destroy"})
    assert caught.value.hint == "one of: keep, drop"


def test_answers_to_other_decisions_change_nothing() -> None:
    assert resolve([OPEN], {"other": "keep"}) == (OPEN,)


@pytest.mark.parametrize(
    ("decision", "answers", "counts"),
    [
        (OPEN, {}, True),
        (SAFE, {}, True),
        (OPEN, {OPEN.id: "keep"}, False),
        (OPEN, {OPEN.id: "drop"}, True),
        (SAFE, {SAFE.id: "keep"}, False),
    ],
    ids=["open", "safe option", "answered", "answered, leaves behind", "answered like the safe option"],
)
def test_which_decisions_count_against_exit_code_zero(
    decision: Decision, answers: dict[str, str], counts: bool
) -> None:
    assert resolve([decision], answers)[0].counts_against_zero is counts


def test_open_decisions_refuse_with_the_lines_that_answer_them() -> None:
    with pytest.raises(OpenDecisions) as caught:
        require_answers([OPEN, *resolve([SAFE], {})])
    assert caught.value.exit_code == 5
    assert caught.value.decisions == (OPEN,)
    assert caught.value.hint is not None
    answers = tomllib.loads(caught.value.hint.partition("\n\n")[2])
    assert answers == {"decisions": {OPEN.id: "keep"}}


def test_answered_decisions_let_the_run_go_on() -> None:
    require_answers(resolve([SAFE], {}))


TEXT = st.text(st.characters(blacklist_categories=["Cs"]), max_size=20)


@given(TEXT, TEXT, TEXT)
@settings(max_examples=200, derandomize=True)
def test_the_printed_answer_is_toml_whatever_the_names_hold(name: str, question: str, evidence: str) -> None:
    decision = replace(OPEN, id=name, question=question, evidence=evidence)
    assert tomllib.loads(decision.toml()) == {name: "keep"}
