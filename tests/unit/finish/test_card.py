"""The card and the commit message: figures of the journal, and no more said than was proven."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from support import sample_run
from support.sample_run import Entry
from support.stories import story, walked

from pgraduate.document import Story
from pgraduate.finish import card_of, commit_message, picture
from pgraduate.finish.card import plain

SCENARIOS = {"walked": walked, "moved": sample_run.complete, "killed": sample_run.killed}


def _ready() -> list[Entry]:
    """A migration against which nothing is recorded."""
    entries = walked()
    for entry in entries:
        value = entry.get("value")
        if entry.get("name") == "plan":
            entry["value"] = value | {"objects": {"carried": 17}}
        if entry.get("name") == "table":
            entry["value"] = value | {"quarantined": 0}
        if entry.get("name") == "tests":
            entry["value"] = value | {"failed after": 0}
    return entries


@pytest.fixture(params=SCENARIOS)
def told(request: pytest.FixtureRequest, tmp_path: Path) -> Story:
    return story(tmp_path, SCENARIOS[request.param]())


def test_its_figures_are_those_of_the_journal(tmp_path: Path) -> None:
    text = plain(card_of(story(tmp_path, walked())))
    assert re.search(r"rows compared +847,863$", text, re.MULTILINE)
    assert re.search(r"rows that differ +0$", text, re.MULTILINE)
    assert re.search(r"size +58\.6 MiB$", text, re.MULTILINE)
    assert re.search(r"code: lines added +311$", text, re.MULTILINE)


def test_what_was_not_measured_says_so(tmp_path: Path) -> None:
    text = plain(card_of(story(tmp_path, sample_run.killed())))
    assert re.search(r"rows compared +not measured$", text, re.MULTILINE)
    assert re.search(r"tables +not measured$", text, re.MULTILINE)


def test_the_picture_is_well_formed_and_asks_for_nothing(told: Story) -> None:
    drawn = picture(card_of(told))
    ElementTree.fromstring(drawn)
    assert not re.findall(r"href|url\(|@import|<script|<image", drawn)


def test_it_graduates_only_where_nothing_stands_against_it(tmp_path: Path) -> None:
    assert card_of(story(tmp_path / "a", _ready())).headline == "Graduated to PostgreSQL"
    assert card_of(story(tmp_path / "b", walked())).headline == "Moved, not ready for production"
    assert card_of(story(tmp_path / "c", sample_run.different())).headline == "On the way to PostgreSQL"


def test_without_a_drilled_backup_no_text_calls_it_ready(tmp_path: Path) -> None:
    entries = [entry for entry in _ready() if entry.get("name") != "restore drill"]
    told = story(tmp_path, entries)
    for text in (plain(card_of(told)), picture(card_of(told)), commit_message(told)):
        assert "Graduated" not in text
        assert "No backup of this database has been restored and compared." in " ".join(text.split())


def test_the_message_has_a_short_subject_and_says_what_was_missed(told: Story) -> None:
    subject, empty, *body = commit_message(told).splitlines()
    assert len(subject) <= 72
    assert empty == ""
    assert all(len(line) <= 72 for line in body)
    for metric in told.metrics:
        if metric.status == "missed":
            assert f"{metric.name}:" in " ".join(body)


def test_a_long_name_does_not_make_a_long_subject(tmp_path: Path) -> None:
    from dataclasses import replace

    told = replace(story(tmp_path, walked()), title="a" * 200)
    assert commit_message(told).splitlines()[0] == "Move to PostgreSQL"
