"""Journals of whole and of half-walked migrations, and the stories that they tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from support import sample_run
from support.sample_run import Entry, ended, fact, started

from pgraduate.document import Command, Evidence, Story, tell
from pgraduate.document.commands import commands
from pgraduate.report.facts import Fact

CONNINFO = "host=/run/app dbname=shop user=shop_owner"
COMMANDS = commands(CONNINFO, embedded=True)


def archive(step: str = "archive-1") -> Entry:
    return fact(
        step,
        "archive",
        source="shop.db",
        name="shop-archive",
        tables=5,
        rows=847_863,
        bytes=48_250_880,
        packed_bytes=9_103_277,
        digest="ab" * 32,
        references=2,
        carried=True,
    )


def executed(command: Command, step: str = "finish-1", exit_code: int = 0) -> Entry:
    return fact(step, "command", purpose=command.purpose, text=command.text, exit_code=exit_code, seconds=0.731)


def _seconds(step: str, name: str, value: float) -> Entry:
    return {"type": "figure", "step": step, "name": name, "value": value, "unit": "seconds"}


def walked() -> list[Entry]:
    """A migration with everything that a document can tell of."""
    return [
        *sample_run.complete(),
        started("bench-1"),
        fact("bench-1", "timing", what="orders of a customer", before=0.0413, after=0.0127),
        fact("bench-1", "tests", **{"passed before": 412, "passed after": 409, "failed after": 3}),
        ended("bench-1", 61.2),
        started("tune-indexes-1"),
        _seconds("tune-indexes-1", "reads before", 8.21),
        _seconds("tune-indexes-1", "reads after", 3.59),
        ended("tune-indexes-1", 31.2),
        started("maintain-check-1"),
        fact("maintain-check-1", "health snapshot", good=True),
        ended("maintain-check-1", 1.7),
        started("maintain-restore-drill-1"),
        fact("maintain-restore-drill-1", "restore drill", verdict="equal", differing=0),
        ended("maintain-restore-drill-1", 31.9),
        started("archive-1"),
        archive(),
        ended("archive-1", 12.4),
        started("document-1"),
        fact("document-1", "statistics", tables=5, indexes=11, views=2, triggers=1, rows=847_863, bytes=61_423_616),
        fact("document-1", "code changes", files=14, **{"lines added": 311, "lines removed": 207}, commits=6),
        ended("document-1", 0.9),
        started("finish-1"),
        *(executed(command) for command in COMMANDS),
        ended("finish-1", 44.1),
    ]


def story(directory: Path, entries: list[Entry], **more: Any) -> Story:
    evidence = Evidence.of(sample_run.write(directory, entries))
    rehearsal = Fact("undo-1", {"seconds": 7.25}) if more.get("rehearsed") else None
    return tell(evidence, COMMANDS, rehearsal, "2026-03-13T08:00:00+00:00" if rehearsal else None)
