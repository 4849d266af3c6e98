"""Projects and templates."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from app.db import Databases, connect
from app.repositories import history, projects


@pytest.fixture
def enforcing(databases: Databases) -> Iterator[sqlite3.Connection]:
    """A connection that enforces foreign keys."""
    connection = connect(databases.workflows, foreign_keys=True)
    yield connection
    connection.close()


def test_a_slug_is_found_in_any_case(workflows: sqlite3.Connection) -> None:
    project = projects.create(workflows, "Docs", "Documentation")
    found = projects.get(workflows, "dOCS")
    assert found is not None
    assert (found["id"], found["slug"], found["settings"]) == (project, "Docs", {})


def test_a_slug_is_taken_in_any_case(workflows: sqlite3.Connection) -> None:
    projects.create(workflows, "docs", "Documentation")
    with pytest.raises(projects.SlugTaken):
        projects.create(workflows, "DOCS", "Other documentation")


def test_a_slug_of_one_letter_is_refused(workflows: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        projects.create(workflows, "d", "Documentation")


def test_the_overview_counts_runs_and_failures(workflows: sqlite3.Connection) -> None:
    project = projects.create(workflows, "docs", "Documentation")
    projects.create(workflows, "site", "Web site")
    for workflow_id, status in (("wf-1", "completed"), ("wf-2", "failed")):
        history.start(workflows, workflow_id, "Release", project_id=project)
        history.finish(workflows, workflow_id, status)
    docs, site = projects.overview(workflows)
    assert (docs["slug"], docs["runs"], docs["failures"]) == ("docs", 2, 1)
    assert (site["slug"], site["runs"], site["failures"], site["cost"]) == ("site", 0, 0, 0.0)


def test_archiving_a_project_archives_what_is_below_it(workflows: sqlite3.Connection) -> None:
    projects.create(workflows, "docs", "Documentation")
    projects.create(workflows, "docs-de", "Documentation in German", parent="docs")
    projects.create(workflows, "docs-de-print", "The printed edition", parent="docs-de")
    projects.create(workflows, "site", "Web site")
    assert projects.archive(workflows, "docs") == 3
    assert [project["slug"] for project in projects.overview(workflows)] == ["site"]


def test_an_archived_project_is_not_archived_again(workflows: sqlite3.Connection) -> None:
    projects.create(workflows, "docs", "Documentation")
    assert (projects.archive(workflows, "docs"), projects.archive(workflows, "docs")) == (1, 0)


def test_a_run_of_a_project_that_does_not_exist_is_refused(enforcing: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        history.start(enforcing, "wf-1", "Release", project_id=99)


def test_saving_a_template_again_makes_a_new_version(workflows: sqlite3.Connection) -> None:
    projects.save_template(workflows, "release", [("plan", "planner")])
    version = projects.save_template(workflows, "release", [("plan", "planner"), ("build", "packer")])
    assert (version, projects.steps(workflows, "release", 1)) == (2, [("plan", "planner")])


def test_deleting_a_version_deletes_its_steps_only(enforcing: sqlite3.Connection) -> None:
    for _ in range(2):
        projects.save_template(enforcing, "release", [("plan", "planner")])
    assert projects.delete_template(enforcing, "release", 1)
    assert projects.steps(enforcing, "release", 1) == []
    assert projects.steps(enforcing, "release", 2) == [("plan", "planner")]
