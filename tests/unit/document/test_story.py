"""What the documents say, whatever the journal holds: figures from steps, "not measured" for the rest."""

from __future__ import annotations

import dataclasses
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from support import sample_run, stories
from support.figures import figures, mapped, without_digits
from support.html_page import Page
from support.stories import COMMANDS, executed, story, walked

from pgraduate.document import Evidence, Extras, Story, render, tell
from pgraduate.model.figure import NOT_MEASURED

SCENARIOS = {
    "walked": walked,
    "moved": sample_run.complete,
    "different": sample_run.different,
    "failed": sample_run.failed,
    "killed": sample_run.killed,
}


@pytest.fixture(params=SCENARIOS)
def told(request: pytest.FixtureRequest, tmp_path: Path) -> Story:
    return story(tmp_path, SCENARIOS[request.param](), rehearsed=request.param == "walked")


def texts(told: Story) -> dict[str, str]:
    return render(told, Extras())


def test_without_figures_no_digit_is_left(told: Story) -> None:
    """Every text loses its digits, every figure its value: a digit that is left was printed past the figures."""
    for name, text in texts(mapped(told, without_digits)).items():
        shown = Page(text).text if name.endswith(".html") else text
        assert not re.findall(r".{0,40}\d.{0,20}", shown), name


def test_no_template_holds_a_digit_of_its_own() -> None:
    for template in files("pgraduate.document").joinpath("templates").iterdir():
        text = re.sub(
            r"<[^>]*>|\{%.*?%\}|\{\{.*?\}\}|\{% (?:macro|set).*?%\}", "", template.read_text(), flags=re.DOTALL
        )
        assert not re.findall(r".*\d.*", text), template.name


def test_what_was_not_walked_says_not_measured(tmp_path: Path) -> None:
    found = texts(story(tmp_path, sample_run.complete()))
    page = found["migration/MIGRATION_COMPLETE.md"]
    for phase in ("Convert", "Prove", "Deploy", "Optimize"):
        assert f"| {phase} | not walked | {NOT_MEASURED} | {NOT_MEASURED} | {NOT_MEASURED} |" in page
    assert f"Downtime of the switch: {NOT_MEASURED}" in found["migration/deployment.md"]
    assert f"failed after: {NOT_MEASURED}" in found["migration/tests.md"]
    assert f"Before and after: {NOT_MEASURED}" in page


def test_a_goal_that_was_missed_says_missed(tmp_path: Path) -> None:
    found = story(tmp_path, walked())
    status = {metric.name: metric.status for metric in found.metrics}
    assert status == {
        "Rows that differ after the copy": "met",
        "Objects not carried": "missed",
        "Cells in quarantine": "missed",
        "Tests that fail on PostgreSQL and passed on SQLite": "missed",
        "Tables that differ in the last restored backup": "met",
    }
    assert not found.ready


def test_without_a_restored_backup_it_is_not_ready(tmp_path: Path) -> None:
    entries = [entry for entry in walked() if entry.get("name") != "restore drill"]
    obstacles = story(tmp_path, entries).obstacles
    assert "No backup of this database has been restored and compared." in obstacles


def test_it_is_ready_where_nothing_stands_against_it(tmp_path: Path) -> None:
    entries = [
        entry | ({"value": entry["value"] | {"failed after": 0}} if entry.get("name") == "tests" else {})
        for entry in walked()
    ]
    for entry in entries:
        if entry.get("name") == "plan":
            entry["value"] = entry["value"] | {"objects": {"carried": 17}}
        if entry.get("name") == "table":
            entry["value"] = entry["value"] | {"quarantined": 0}
    found = story(tmp_path, entries)
    assert found.obstacles == ()
    assert "Nothing recorded stands against production" in texts(found)["migration/MIGRATION_COMPLETE.md"]


def _decided(by: str) -> list[sample_run.Entry]:
    """A migration that leaves a key and a cell behind, as decided by somebody."""
    entries = [dict(entry) for entry in walked()]
    for entry in entries:
        if entry.get("name") == "tests":
            entry["value"] = entry["value"] | {"failed after": 0}
        if entry["type"] == "decision":
            quarantine = entry["id"].startswith("nul:")
            answer = "quarantine" if quarantine else "leave the key out"
            name = "quarantine:shop.notes.body" if quarantine else entry["id"]
            entry |= {"id": name, "answer": answer, "answered_by": by}
    return entries


def test_what_a_person_decided_to_leave_behind_is_missed_and_no_obstacle(tmp_path: Path) -> None:
    found = story(tmp_path, _decided("pgraduate.toml"))
    assert {metric.name for metric in found.metrics if metric.status == "missed"} == {
        "Objects not carried",
        "Cells in quarantine",
    }
    assert found.obstacles == ()


def test_what_a_safe_option_left_behind_is_an_obstacle(tmp_path: Path) -> None:
    assert story(tmp_path, _decided("safe option")).obstacles == (
        "A goal was missed: objects not carried.",
        "A goal was missed: cells in quarantine.",
    )


def test_a_verdict_that_is_not_equal_is_never_ready(tmp_path: Path) -> None:
    for entries in (sample_run.different(), sample_run.failed(), sample_run.killed()):
        assert not story(tmp_path, entries).ready


def test_a_command_without_an_execution_is_not_written_down(tmp_path: Path) -> None:
    readme = texts(story(tmp_path, sample_run.complete()))["README.md"]
    assert "```" not in readme
    assert readme.count("\n- ") == len(COMMANDS)


def test_a_command_that_failed_is_not_written_down(tmp_path: Path) -> None:
    entries = [*sample_run.complete(), executed(COMMANDS[0], exit_code=2), executed(COMMANDS[1])]
    found = story(tmp_path, entries)
    assert [item.command for item in found.commands if item.step] == [COMMANDS[1]]


def test_a_command_that_was_executed_otherwise_is_not_written_down(tmp_path: Path) -> None:
    other = dataclasses.replace(COMMANDS[0], text=COMMANDS[0].text + " --quiet")
    found = story(tmp_path, [*sample_run.complete(), executed(other)])
    assert len(found.missing) == len(COMMANDS)


def test_executed_commands_stand_as_blocks(tmp_path: Path) -> None:
    readme = texts(story(tmp_path, walked()))["README.md"]
    blocks = re.findall(r"^```sh\n(.*?)^```$", readme, flags=re.MULTILINE | re.DOTALL)
    assert sorted(block.rstrip("\n") for block in blocks) == sorted(command.text for command in COMMANDS)
    assert "Not executed here" not in readme


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    once = texts(story(tmp_path / "once", walked()))
    more = [sample_run.started("document-2"), sample_run.server("document-2"), sample_run.ended("document-2", 3.1)]
    assert texts(story(tmp_path / "again", [*walked(), *more])) == once


def test_a_phase_ends_when_its_last_step_does(tmp_path: Path) -> None:
    found = {phase.name: phase for phase in story(tmp_path, walked()).phases}
    assert found["Move"].verbs == ("backup", "schema", "copy", "verify")
    assert found["Optimize"].verbs == ("tune-indexes", "maintain-check", "maintain-restore-drill", "archive")
    evidence = Evidence.of(sample_run.write(tmp_path / "times", walked()))
    assert found["Move"].ended == evidence.end_of(evidence.done("verify"))
    assert found["Convert"].began is None


def test_performance_is_what_steps_timed_before_and_after(tmp_path: Path) -> None:
    page = texts(story(tmp_path, walked()))["migration/MIGRATION_COMPLETE.md"]
    assert "| orders of a customer | 41 ms | 13 ms |" in page
    assert "| tune-indexes-1: reads | 8.2 s | 3.6 s |" in page


def test_an_interrupted_phase_has_no_end(tmp_path: Path) -> None:
    found = {phase.name: phase for phase in story(tmp_path, sample_run.killed()).phases}
    assert found["Move"].began is not None
    assert found["Move"].ended is None


def test_dates_of_next_steps_follow_from_recorded_events(tmp_path: Path) -> None:
    steps = {step.what: step.by for step in story(tmp_path, sample_run.complete()).next_steps}
    assert steps["Restore a backup and compare it"] == "2026-03-15"
    assert steps["Archive the SQLite file"] == "2026-03-28"
    later = {step.what: step.by for step in story(tmp_path, walked()).next_steps}
    assert later["Restore a backup again"] == "2026-04-13"
    assert later["Verify the archive"] == "2027-03-14"


def test_lessons_follow_from_events(tmp_path: Path) -> None:
    def said(entries: list[Any]) -> str:
        return "\n".join("".join(map(str, words)) for words in story(tmp_path, entries).lessons)

    assert "copy-1 stopped with TARGET_UNUSABLE" in said(sample_run.failed())
    assert "copy-1 was interrupted" in said(sample_run.killed())
    assert "trigger audit was not carried" in said(walked())
    assert "still named shop.db when it was archived: 2" in said(walked())


def test_the_pages_are_well_formed_and_ask_for_nothing(told: Story) -> None:
    html = texts(told)["migration/MIGRATION_COMPLETE.html"]
    page = Page(html)
    assert not re.findall(r"https?://|url\(|@import|src=", html)
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img", "iframe", "object"})


def test_every_figure_names_a_step_or_a_goal(tmp_path: Path) -> None:
    evidence = Evidence.of(sample_run.write(tmp_path, walked()))
    steps = {str(entry["step"]) for entry in evidence.entries} | {"goal", "journal", ""}
    found = [item for item in figures(tell(evidence, COMMANDS, None, None)) if item.value is not None]
    assert found
    assert {name for figure in found for name in figure.step.split(", ")} <= steps


def test_names_from_a_database_cannot_break_a_page(tmp_path: Path) -> None:
    found = texts(story(tmp_path, stories.walked()))
    assert "<script>" not in found["migration/MIGRATION_COMPLETE.html"]
    assert "<script>" not in re.sub(r"``.*?``|`[^`]*`", "", found["migration/validation.md"])
