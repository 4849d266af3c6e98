"""The record of full counts: lines of several processes are added up, and the page says what the record says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support import soak


def lines(path: Path, *items: dict[str, object]) -> None:
    path.write_text("".join(json.dumps(item) + "\n" for item in items), "utf-8")


def line(name: str, tries: int, failures: int = 0, seed: int | None = 7) -> dict[str, object]:
    return {
        "name": name, "seed": seed, "tries": tries, "failures": failures, "seconds": 1.5, "date": "2026-01-02",
    }  # fmt: skip


def test_the_lines_of_all_processes_are_added_up(tmp_path: Path) -> None:
    lines(tmp_path / "1.jsonl", line("kills", 3), line("kills", 2, 1), line("cells", 9))
    lines(tmp_path / "2.jsonl", line("kills", 5))
    found = soak.collect(tmp_path)
    assert (found["kills"].tries, found["kills"].failures, found["kills"].seed) == (10, 1, 7)
    assert (found["kills"].seconds, found["cells"].tries) == (4.5, 9)


def test_a_try_that_raises_is_a_failure() -> None:
    tally = soak.Tally("kills")
    with tally.trying():
        pass
    with pytest.raises(AssertionError), tally.trying():
        raise AssertionError
    assert (tally.tries, tally.failures) == (2, 1)


def test_a_run_keeps_the_lines_of_what_it_did_not_try(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soak, "RECORD", tmp_path / "soak.json")
    monkeypatch.setattr(soak, "PAGE", tmp_path / "soak.md")
    monkeypatch.setattr(soak.load, "__defaults__", (tmp_path / "soak.json",))
    lines(tmp_path / "1.jsonl", line("kills", 3))
    soak.write(tmp_path)
    lines(tmp_path / "1.jsonl", line("cells", 4))
    soak.write(tmp_path)
    assert {name: tally.tries for name, tally in soak.load(tmp_path / "soak.json").items()} == {
        "cells": 4,
        "kills": 3,
    }
    assert "| kills | 3 | 0 | 7 | 2 | 2026-01-02 |" in (tmp_path / "soak.md").read_text("utf-8")


def test_the_page_of_full_counts_says_what_the_record_says() -> None:
    assert soak.PAGE.read_text("utf-8") == soak.page(soak.load())


def test_no_full_count_is_recorded_with_a_failure() -> None:
    assert [tally.name for tally in soak.load().values() if tally.failures] == []
