from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import pytest

from pgraduate.errors import PgraduateError, Refused, UsageError
from pgraduate.journal import Journal, prepare_state, runs
from pgraduate.model.decision import Decision, Option
from pgraduate.model.figure import Figure
from pgraduate.model.finding import Finding, Severity
from pgraduate.model.operation import Check, Plan
from pgraduate.model.server import ServerIdentity

FACTS = {"sources": ["app.db"], "target": "embedded", "policy": "declared", "version": "0"}


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.create(tmp_path / ".pgraduate", FACTS)


def types(journal: Journal) -> list[str]:
    return [entry["type"] for entry in journal.entries()]


def test_a_new_run_opens_with_its_facts(journal: Journal) -> None:
    opened = next(journal.entries())
    assert opened["type"] == "run_opened"
    assert opened["run_id"] == journal.run_id
    assert {key: opened[key] for key in FACTS} == FACTS


def test_the_state_is_private_and_invisible_to_git(journal: Journal, tmp_path: Path) -> None:
    state = tmp_path / ".pgraduate"
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert stat.S_IMODE(journal.path.stat().st_mode) == 0o600
    assert (state / ".gitignore").read_text() == "*\n"


def test_a_state_that_others_may_read_is_closed(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir(mode=0o755)
    state.chmod(0o755)
    prepare_state(state)
    assert stat.S_IMODE(state.stat().st_mode) == 0o700


def test_runs_are_listed_oldest_first(tmp_path: Path) -> None:
    made = [Journal.create(tmp_path, FACTS).run_id for _ in range(5)]
    assert runs(tmp_path) == made
    assert len(set(made)) == 5


def test_a_directory_without_runs_lists_none(tmp_path: Path) -> None:
    assert runs(tmp_path) == []


@pytest.mark.parametrize("run_id", ["20200101-000000-000", "..", "", "../runs"])
def test_an_unknown_run_is_refused_and_the_known_ones_are_named(tmp_path: Path, run_id: str) -> None:
    known = Journal.create(tmp_path, FACTS).run_id
    with pytest.raises(UsageError) as caught:
        Journal.open(tmp_path, run_id)
    assert caught.value.hint == f"known runs: {known}"


def test_a_later_format_is_refused(journal: Journal, tmp_path: Path) -> None:
    journal.path.write_text('{"type": "run_opened", "format": 2, "step": ""}\n')
    with pytest.raises(PgraduateError, match="later version"):
        Journal.open(tmp_path / ".pgraduate", journal.run_id)


def test_a_step_leaves_its_start_its_figures_and_its_end(journal: Journal) -> None:
    with journal.step("copy", tables=["a"]) as step:
        figure = step.figure("rows", 12, "rows")
    entries = list(journal.entries())[1:]
    assert [entry["type"] for entry in entries] == ["step_started", "figure", "step_ended"]
    assert {entry["step"] for entry in entries} == {"copy-1"}
    assert entries[0]["tables"] == ["a"]
    assert figure == Figure("rows", 12, "rows", "copy-1")
    assert (entries[1]["name"], entries[1]["value"], entries[1]["unit"]) == ("rows", 12, "rows")
    assert entries[2]["outcome"] == "done"
    assert entries[2]["seconds"] == pytest.approx(step.seconds, abs=1e-6)


def test_an_error_of_ours_ends_its_step_with_what_where_and_hint(journal: Journal) -> None:
    with pytest.raises(Refused), journal.step("schema"):
        raise Refused("two decisions are open", where="a, b", hint="answer them")
    ended = list(journal.entries())[-1]
    assert {key: ended[key] for key in ("outcome", "code", "message", "where", "hint", "exit_code")} == {
        "outcome": "failed",
        "code": "REFUSED",
        "message": "two decisions are open",
        "where": "a, b",
        "hint": "answer them",
        "exit_code": 5,
    }


def test_a_foreign_errors_text_stays_out_of_the_journal(journal: Journal) -> None:
    with pytest.raises(ValueError), journal.step("copy"):
        raise ValueError("Key (email)=(ada@example.org) already exists")
    assert "ada@example.org" not in journal.path.read_text()
    ended = list(journal.entries())[-1]
    assert (ended["code"], ended["message"]) == ("ValueError", "")


def test_a_step_stopped_by_hand_ends_failed(journal: Journal) -> None:
    with pytest.raises(KeyboardInterrupt), journal.step("copy"):
        raise KeyboardInterrupt
    assert list(journal.entries())[-1]["code"] == "KeyboardInterrupt"


def test_steps_of_a_verb_are_numbered_over_processes(journal: Journal, tmp_path: Path) -> None:
    with journal.step("copy"), journal.step("verify"):
        pass
    reopened = Journal.open(tmp_path / ".pgraduate", journal.run_id)
    with reopened.step("copy") as second, journal.step("copy") as third:
        assert (second.name, third.name) == ("copy-2", "copy-3")


def test_every_kind_of_entry_keeps_its_content(journal: Journal) -> None:
    finding = Finding("CODE", Severity.NOTICE, "t", "what", "hint")
    decision = Decision("id", "question", (Option("a", "effect"),), "evidence", "a")
    identity = ServerIdentity("1", "17.5", 170005, "/run", 5432, "app", "owner", False, "UTF8")
    with journal.step("schema") as step:
        step.fact("plan", {"tables": 3})
        step.finding(finding)
        step.decision(decision)
        step.server(identity)
    fact, found, decided, server = list(journal.entries())[2:6]
    assert (fact["name"], fact["value"]) == ("plan", {"tables": 3})
    assert (found["type"], found["code"], found["severity"]) == ("finding", "CODE", "notice")
    assert (decided["type"], decided["options"][0]["key"]) == ("decision", "a")
    assert (server["type"], server["port"], server["tls"]) == ("server", 5432, None)


class Recorded:
    """An operation that remembers what the journal held when it was applied."""

    kind: ClassVar[str] = "recorded"

    def __init__(self, journal: Journal, holds: bool) -> None:
        self.journal = journal
        self.holds = holds
        self.seen: list[str] = []

    def apply(self, context: None, plan: Plan, /) -> None:
        self.seen = types(self.journal)

    def check(self, context: None, plan: Plan, /) -> Check:
        return Check(self.holds, "" if self.holds else "it is not there")

    def undo(self, context: None, plan: Plan, /) -> None:
        return None


PLAN = Plan("recorded", "schema app", ("CREATE SCHEMA app",), ("DROP SCHEMA app",), {"a": 1})


def test_a_plan_and_its_undo_stand_in_the_journal_before_it_is_applied(journal: Journal) -> None:
    operation = Recorded(journal, holds=True)
    with journal.step("schema") as step:
        step.perform(operation, None, PLAN)
    assert operation.seen[-1] == "operation_planned"
    planned, applied = list(journal.entries())[2:4]
    assert (planned["undo"], planned["facts"]) == (["DROP SCHEMA app"], {"a": 1})
    assert (applied["operation"], applied["subject"], applied["holds"]) == ("recorded", "schema app", True)


def test_an_operation_that_did_not_take_effect_fails_its_step(journal: Journal) -> None:
    with pytest.raises(PgraduateError, match="it is not there"), journal.step("schema") as step:
        step.perform(Recorded(journal, holds=False), None, PLAN)
    assert types(journal)[-2:] == ["operation_applied", "step_ended"]


def test_a_journal_torn_at_any_byte_of_its_last_line_reads_and_goes_on(journal: Journal) -> None:
    journal.append("fact", "assess-1", name="größe", value={"table": "naïve 日本"})
    whole = journal.path.read_bytes()
    start = whole.rindex(b"\n", 0, -1) + 1
    for cut in range(start, len(whole) + 1):
        journal.path.write_bytes(whole[:cut])
        has_whole_entry = cut >= len(whole) - 1
        assert types(journal) == ["run_opened", "fact"][: 1 + has_whole_entry], cut
        journal.append("fact", "after", name="n", value=None)
        assert types(journal) == ["run_opened", *["fact"] * has_whole_entry, "fact"], cut
        assert list(journal.lines()).count(None) == (start < cut < len(whole) - 1), cut


@pytest.mark.parametrize("line", [b"\x00\x00\x00\n", b"\xff\xfe{}\n", b"17\n", b"[]\n", b"\n", b'{"no": "type"}\n'])
def test_a_line_that_is_no_entry_is_left_out_and_counted(journal: Journal, line: bytes) -> None:
    with journal.path.open("ab") as file:
        file.write(line)
    journal.append("fact", "s", name="n", value=1)
    assert types(journal) == ["run_opened", "fact"]
    assert list(journal.lines()).count(None) == 1


def test_a_path_that_is_not_utf8_comes_back_as_it_was(journal: Journal) -> None:
    path = os.fsdecode(b"/srv/caf\xe9\n.db")
    journal.append("fact", "s", name="source", value={"path": path})
    assert list(journal.entries())[-1]["value"]["path"] == path


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_json_lacks_is_refused(journal: Journal, value: float) -> None:
    with pytest.raises(ValueError):
        journal.append("figure", "s", name="n", value=value)
    assert types(journal) == ["run_opened"]


def test_content_cannot_take_the_place_of_an_entrys_own_keys(journal: Journal) -> None:
    with pytest.raises(ValueError, match="own keys"):
        journal.append("fact", "s", at="yesterday")


def test_a_disk_that_takes_no_writes_is_named(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(PgraduateError, match="No space left") as caught:
        journal.append("fact", "s", name="n", value=1)
    assert caught.value.where == str(journal.path)


def test_a_short_write_is_continued(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:7]))
    journal.append("fact", "s", name="n", value="a text longer than seven bytes")
    assert list(journal.entries())[-1]["value"] == "a text longer than seven bytes"


@pytest.mark.parametrize(("durable", "syncs"), [(True, 1), (False, 0)])
def test_only_a_durable_entry_waits_for_the_disk(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, durable: bool, syncs: int
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    journal.append("fact", "s", durable=durable, name="n", value=1)
    assert len(synced) == syncs


def test_a_new_runs_directories_are_synced_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: set[Path] = set()
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.add(Path(f"/proc/self/fd/{descriptor}").readlink()))
    state = tmp_path / "state"
    journal = Journal.create(state, FACTS)
    assert synced == {journal.path, journal.directory, state / "runs", state, tmp_path}


WRITER = """
import sys
from pathlib import Path
from pgraduate.journal import Journal
journal = Journal.open(Path(sys.argv[1]), sys.argv[2])
for number in range(150):
    with journal.step("copy") as step:
        step.fact("n", [sys.argv[3], number, "x" * 5000])
"""


def test_two_processes_append_whole_lines_and_never_share_a_step(journal: Journal, tmp_path: Path) -> None:
    state = str(tmp_path / ".pgraduate")
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, state, journal.run_id, name]) for name in ("one", "two")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    entries = [json.loads(line) for line in journal.path.read_bytes().splitlines()]
    started = [entry["step"] for entry in entries if entry["type"] == "step_started"]
    assert sorted(started) == sorted(f"copy-{number}" for number in range(1, 301))
    assert sum(entry["type"] == "fact" for entry in entries) == 300
