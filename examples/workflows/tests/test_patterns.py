"""Patterns and their occurrences."""

from __future__ import annotations

import sqlite3

import pytest
from app.db import Databases, connect
from app.repositories import patterns


def _count(connection: sqlite3.Connection, signature: str) -> int:
    pattern = patterns.get(connection, signature)
    assert pattern is not None
    return int(pattern["occurrence_count"])


def test_each_workflow_counts_once(workflows: sqlite3.Connection) -> None:
    for workflow_id in ("wf-1", "wf-2", "wf-1"):
        patterns.detect(workflows, "build:retry", "build", workflow_id)
    assert _count(workflows, "build:retry") == 2


def test_a_known_occurrence_is_not_new(workflows: sqlite3.Connection) -> None:
    assert patterns.detect(workflows, "build:retry", "build", "wf-1")
    assert not patterns.detect(workflows, "build:retry", "build", "wf-1")


def test_the_most_similar_workflow_comes_first(workflows: sqlite3.Connection) -> None:
    patterns.detect(workflows, "build:retry", "build", "wf-1", similarity=0.5)
    patterns.detect(workflows, "build:retry", "build", "wf-2", similarity=0.9)
    assert patterns.workflows_with(workflows, "build:retry") == ["wf-2", "wf-1"]


def test_rare_patterns_are_no_candidates(workflows: sqlite3.Connection) -> None:
    for number in range(3):
        patterns.detect(workflows, "build:retry", "build", f"wf-{number}")
    patterns.detect(workflows, "test:flaky", "test", "wf-1")
    assert [pattern["pattern_signature"] for pattern in patterns.candidates(workflows)] == ["build:retry"]


def test_an_automated_pattern_is_no_candidate(workflows: sqlite3.Connection) -> None:
    patterns.detect(workflows, "build:retry", "build", "wf-1")
    assert patterns.automate(workflows, "build:retry")
    assert patterns.candidates(workflows, at_least=1) == []


def test_a_pattern_is_automated_once(workflows: sqlite3.Connection) -> None:
    patterns.detect(workflows, "build:retry", "build", "wf-1")
    patterns.automate(workflows, "build:retry")
    assert not patterns.automate(workflows, "build:retry")


@pytest.mark.parametrize("confidence", [-0.1, 1.1])
def test_a_confidence_outside_of_0_to_1_is_refused(workflows: sqlite3.Connection, confidence: float) -> None:
    patterns.detect(workflows, "build:retry", "build", "wf-1")
    with pytest.raises(ValueError, match="between 0 and 1"):
        patterns.set_confidence(workflows, "build:retry", confidence)


def test_categories_count_what_is_automated(workflows: sqlite3.Connection) -> None:
    for signature in ("build:retry", "build:cache"):
        patterns.detect(workflows, signature, "build", "wf-1")
    patterns.automate(workflows, "build:cache")
    assert patterns.by_category(workflows) == {"build": (2, 1)}


def test_forgetting_a_pattern_forgets_its_occurrences(databases: Databases) -> None:
    connection = connect(databases.workflows, foreign_keys=True)
    patterns.detect(connection, "build:retry", "build", "wf-1")
    assert patterns.forget(connection, "build:retry")
    left = connection.execute("SELECT count(*) FROM pattern_occurrences").fetchone()[0]
    connection.close()
    assert left == 0
