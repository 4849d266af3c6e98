"""The history of workflows."""

from __future__ import annotations

import sqlite3

import pytest
from app.repositories import history


def test_a_started_run_is_running(workflows: sqlite3.Connection) -> None:
    history.start(workflows, "wf-1", "Nightly build")
    assert history.get(workflows, "wf-1")["status"] == "running"


def test_start_returns_the_id_of_the_run(workflows: sqlite3.Connection) -> None:
    first = history.start(workflows, "wf-1", "Nightly build")
    second = history.start(workflows, "wf-2", "Nightly build")
    assert (history.get(workflows, "wf-1")["id"], history.get(workflows, "wf-2")["id"]) == (first, second)


def test_an_id_is_not_used_again_after_a_delete(workflows: sqlite3.Connection) -> None:
    first = history.start(workflows, "wf-1", "Nightly build")
    with workflows:
        workflows.execute("DELETE FROM workflow_history")
    assert history.start(workflows, "wf-2", "Nightly build") > first


def test_a_second_run_of_the_same_workflow_is_a_retry(workflows: sqlite3.Connection) -> None:
    history.start(workflows, "wf-1", "Nightly build")
    history.start(workflows, "wf-1", "Nightly build")
    assert history.get(workflows, "wf-1")["retry_count"] == 1


def test_unknown_scores_are_minus_one(workflows: sqlite3.Connection) -> None:
    history.start(workflows, "wf-1", "Nightly build")
    run = history.get(workflows, "wf-1")
    assert (run["efficiency_score"], run["quality_score"]) == (-1.0, -1.0)


def test_times_are_text_in_the_form_of_sqlite(workflows: sqlite3.Connection) -> None:
    history.start(workflows, "wf-1", "Nightly build")
    created = history.get(workflows, "wf-1")["created_at"]
    assert (type(created), len(created), created[10]) == (str, 19, " ")


def test_finishing_keeps_status_error_and_result(workflows: sqlite3.Connection) -> None:
    history.start(workflows, "wf-1", "Nightly build")
    history.finish(workflows, "wf-1", "failed", error="disk full", result={"exit_code": 28})
    run = history.get(workflows, "wf-1")
    assert (run["status"], run["error_message"], run["result"]) == ("failed", "disk full", {"exit_code": 28})


def test_finishing_measures_the_duration(workflows: sqlite3.Connection) -> None:
    history.start(workflows, "wf-1", "Nightly build")
    with workflows:
        workflows.execute("UPDATE workflow_history SET started_at = datetime('now', '-90 seconds')")
    history.finish(workflows, "wf-1", "completed")
    assert history.get(workflows, "wf-1")["duration_seconds"] == pytest.approx(90, abs=5)


def test_finishing_a_workflow_that_never_ran_is_an_error(workflows: sqlite3.Connection) -> None:
    with pytest.raises(history.UnknownWorkflow):
        history.finish(workflows, "wf-none", "completed")


def test_a_status_outside_the_list_is_refused(workflows: sqlite3.Connection) -> None:
    history.start(workflows, "wf-1", "Nightly build")
    with pytest.raises(sqlite3.IntegrityError, match="CHECK constraint failed"):
        history.finish(workflows, "wf-1", "exploded")
    assert history.get(workflows, "wf-1")["status"] == "running"


def test_every_update_touches_updated_at(workflows: sqlite3.Connection) -> None:
    run = history.start(workflows, "wf-1", "Nightly build")
    with workflows:
        workflows.execute("UPDATE workflow_history SET updated_at = '2020-01-01 00:00:00' WHERE id = ?", (run,))
    history.finish(workflows, "wf-1", "completed")
    assert history.get(workflows, "wf-1")["updated_at"] > "2020-01-01 00:00:00"


def test_an_updated_at_given_by_hand_stays(workflows: sqlite3.Connection) -> None:
    run = history.start(workflows, "wf-1", "Nightly build")
    with workflows:
        workflows.execute("UPDATE workflow_history SET updated_at = '2020-01-01 00:00:00' WHERE id = ?", (run,))
    assert history.get(workflows, "wf-1")["updated_at"] == "2020-01-01 00:00:00"


def test_the_cache_ratio_is_computed(workflows: sqlite3.Connection) -> None:
    run = history.start(workflows, "wf-1", "Nightly build")
    history.record_units(workflows, run, used=200, cached=50, out=10)
    assert history.get(workflows, "wf-1")["cache_ratio"] == 0.25


def test_search_ignores_case(workflows: sqlite3.Connection) -> None:
    history.start(workflows, "wf-1", "Nightly BUILD of the docs")
    history.start(workflows, "wf-2", "Release")
    runs, total = history.search(workflows, text="build")
    assert ([run["workflow_id"] for run in runs], total) == (["wf-1"], 1)


def test_search_finds_errors_too(workflows: sqlite3.Connection) -> None:
    history.start(workflows, "wf-1", "Release")
    history.finish(workflows, "wf-1", "failed", error="Disk full")
    assert history.search(workflows, text="disk")[1] == 1


def test_search_filters_by_status(workflows: sqlite3.Connection) -> None:
    history.start(workflows, "wf-1", "Release")
    history.start(workflows, "wf-2", "Release")
    history.finish(workflows, "wf-2", "completed")
    assert [run["workflow_id"] for run in history.search(workflows, status="completed")[0]] == ["wf-2"]


def test_pages_follow_each_other_newest_first(workflows: sqlite3.Connection) -> None:
    for number in range(5):
        history.start(workflows, f"wf-{number}", "Release")
    pages = [history.search(workflows, limit=2, offset=offset)[0] for offset in (0, 2, 4)]
    assert [[run["workflow_id"] for run in page] for page in pages] == [
        ["wf-4", "wf-3"],
        ["wf-2", "wf-1"],
        ["wf-0"],
    ]


def test_a_percent_sign_in_the_search_is_a_wildcard(workflows: sqlite3.Connection) -> None:
    history.start(workflows, "wf-1", "Build the documentation")
    assert history.search(workflows, text="build%documentation")[1] == 1


def test_the_latest_run_of_a_title_brings_its_own_columns(workflows: sqlite3.Connection) -> None:
    history.start(workflows, "wf-1", "Release")
    history.finish(workflows, "wf-1", "failed")
    history.start(workflows, "wf-2", "Release")
    (latest,) = history.latest_by_title(workflows)
    assert (latest["workflow_id"], latest["status"], latest["runs"]) == ("wf-2", "running", 2)


def test_status_counts(workflows: sqlite3.Connection) -> None:
    for number, status in enumerate(("completed", "completed", "failed")):
        history.start(workflows, f"wf-{number}", "Release")
        history.finish(workflows, f"wf-{number}", status)
    assert history.status_counts(workflows) == {"completed": 2, "failed": 1}


def test_a_failure_is_recent_for_seven_days(workflows: sqlite3.Connection) -> None:
    for workflow_id, age in (("wf-new", "-6 days"), ("wf-old", "-8 days")):
        history.start(workflows, workflow_id, "Release")
        history.finish(workflows, workflow_id, "failed")
        with workflows:
            workflows.execute(
                "UPDATE workflow_history SET finished_at = datetime('now', ?) WHERE workflow_id = ?",
                (age, workflow_id),
            )
    assert [run["workflow_id"] for run in history.recent_failures(workflows)] == ["wf-new"]


def test_runs_since_counts_days_back_from_now(workflows: sqlite3.Connection) -> None:
    history.start(workflows, "wf-1", "Release")
    history.start(workflows, "wf-2", "Release")
    with workflows:
        workflows.execute(
            "UPDATE workflow_history SET created_at = datetime('now', '-3 days') WHERE workflow_id = 'wf-1'"
        )
    assert (history.runs_since(workflows, 1), history.runs_since(workflows, 4)) == (1, 2)


def test_runs_are_found_by_a_number_inside_their_result(workflows: sqlite3.Connection) -> None:
    for workflow_id, code in (("wf-1", 0), ("wf-2", 137)):
        history.start(workflows, workflow_id, "Release")
        history.finish(workflows, workflow_id, "failed", result={"exit_code": code})
    assert history.failed_with(workflows, 137) == ["wf-2"]


def test_a_tag_given_twice_is_kept_once(workflows: sqlite3.Connection) -> None:
    history.add_tags(workflows, "wf-1", ["release", "urgent"])
    history.add_tags(workflows, "wf-1", ["urgent"])
    assert history.tags_of(workflows, "wf-1") == ["release", "urgent"]


def test_the_tag_cloud_lists_the_workflows_of_each_tag(workflows: sqlite3.Connection) -> None:
    history.add_tags(workflows, "wf-2", ["urgent"])
    history.add_tags(workflows, "wf-1", ["urgent", "docs"])
    assert history.tag_cloud(workflows) == {"docs": "wf-1", "urgent": "wf-1,wf-2"}


def test_pinned_notes_come_first(workflows: sqlite3.Connection) -> None:
    history.add_note(workflows, "wf-1", "looks fine")
    history.add_note(workflows, "wf-1", "do not retry", pinned=True)
    assert [note["body"] for note in history.notes_of(workflows, "wf-1")] == ["do not retry", "looks fine"]


def test_a_file_comes_back_byte_for_byte(workflows: sqlite3.Connection) -> None:
    content = bytes(range(256))
    history.attach(workflows, "wf-1", "log.bin", content)
    assert history.attachment(workflows, "wf-1", "log.bin") == content


def test_the_same_file_is_kept_once(workflows: sqlite3.Connection) -> None:
    assert history.attach(workflows, "wf-1", "log.txt", b"one")
    assert not history.attach(workflows, "wf-1", "log.txt", b"one")


def test_the_size_of_a_file_is_computed(workflows: sqlite3.Connection) -> None:
    history.attach(workflows, "wf-1", "log.txt", b"12345")
    assert workflows.execute("SELECT size FROM workflow_artifacts").fetchone()["size"] == 5


def test_archiving_moves_old_finished_runs_only(workflows: sqlite3.Connection) -> None:
    for workflow_id, status in (("wf-old", "completed"), ("wf-new", "completed")):
        history.start(workflows, workflow_id, "Release")
        history.finish(workflows, workflow_id, status)
    history.start(workflows, "wf-open", "Release")
    with workflows:
        workflows.execute(
            "UPDATE workflow_history SET finished_at = datetime('now', '-40 days') WHERE workflow_id = 'wf-old'"
        )
    assert history.archive(workflows, older_than_days=30) == 1
    assert [row[0] for row in workflows.execute("SELECT workflow_id FROM workflow_archive")] == ["wf-old"]
    assert history.search(workflows)[1] == 2
