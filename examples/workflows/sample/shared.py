"""Rows of the seven tables that exist in both files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sample.runs import ERRORS, HISTORY, SERVICES, Run, text

Row = tuple[Any, ...]

TOOLS = (
    ("archiver", "Archiver"),
    ("compiler", "Compiler"),
    ("deployer", "Deployer"),
    ("fetcher", "Fetcher"),
    ("linter", "linter"),
    ("notifier", "Notifier"),
    ("packer", "Packer"),
    ("planner", "Planner"),
    ("profiler", "profiler"),
    ("reviewer", "Reviewer"),
    ("scanner", "Scanner"),
    ("tester", "Tester"),
)
CATEGORIES = ("build", "test", "deploy", "review")
SIGNATURES = tuple(
    f"{category}:{habit}"
    for category in CATEGORIES
    for habit in ("retry", "cache-miss", "same-diff", "manual-step", "timeout", "rollback")
)
EVENTS = ("push", "tag", "schedule", "approval", "comment")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two files: its name, the first id that it counts from, and how much of each run it saw."""

    file: str
    first_id: int
    until: datetime

    @property
    def begin(self) -> datetime:
        return self.until - HISTORY

    def order(self, names: tuple[Any, ...]) -> list[tuple[int, Any]]:
        """Number the names; phases.db met them in the opposite order."""
        ordered = names if self.file == "workflows" else tuple(reversed(names))
        return list(enumerate(ordered, start=self.first_id))


def tools(side: Side) -> Iterator[Row]:
    for number, (tool_name, display_name) in side.order(TOOLS):
        config = json.dumps({"retries": len(tool_name) % 4, "verbose": tool_name < "m"})
        fallback = "planner" if tool_name in ("scanner", "reviewer") else None
        yield (
            number,
            tool_name,
            display_name,
            f"Runs the {tool_name}.",
            "1.4",
            config,
            1,
            fallback,
            text(side.begin),
        )


def tool_calls(side: Side, runs: Iterable[Run]) -> Iterator[Row]:
    for run in runs:
        random = run.random(f"{side.file} calls")
        for number in range(random.randrange(3, 8)):
            success = random.random() > 0.06
            yield (
                f"call-{side.file[0]}-{run.workflow_id[3:]}-{number:02d}",
                run.workflow_id,
                random.choice(TOOLS)[0],
                json.dumps({"phase": random.choice(run.phases), "attempt": number + 1}),
                random.randbytes(random.randrange(8, 96)) if number == 0 else None,
                int(success),
                random.randrange(5, 90_000),
                round(random.random() * 0.02, 7),
                None if success else random.choice(ERRORS),
                text(run.started + timedelta(seconds=run.seconds * number / 8)),
            )


def hook_events(side: Side, runs: Iterable[Run]) -> Iterator[Row]:
    for run in runs:
        random = run.random(f"{side.file} events")
        for number in range(random.randrange(1, 4)):
            received = run.started - timedelta(seconds=random.randrange(1, 30))
            yield (
                f"ev-{side.file[0]}-{run.workflow_id[3:]}-{number}",
                run.workflow_id,
                random.choice(EVENTS),
                json.dumps(
                    {"ref": f"refs/heads/{run.template}", "forced": number == 2, "size": random.randrange(999)}
                ),
                int(run.status != "running"),
                f"{text(received)}.{random.randrange(1000):03d}",
            )


def cost_entries(side: Side, runs: Iterable[Run]) -> Iterator[Row]:
    for run in runs:
        random = run.random(f"{side.file} costs")
        for phase in run.phases:
            service = random.choice(tuple(SERVICES))
            units = random.randrange(10, 5000)
            amount = units * SERVICES[service]
            yield run.workflow_id, phase, service, units, SERVICES[service], amount, "EUR", text(run.started)


def operation_patterns(side: Side) -> Iterator[Row]:
    for number, signature in side.order(SIGNATURES):
        category, habit = signature.split(":")
        sample = json.dumps({"habit": habit, "steps": [category, "wait", "repeat"]})
        confidence = 0.4 + len(signature) % 7 / 12
        automated = int(habit == "retry")
        times = text(side.begin), text(side.begin)
        yield number, signature, category, f"{habit} during {category}", 0, confidence, automated, sample, *times


def pattern_occurrences(side: Side, runs: Iterable[Run]) -> Iterator[Row]:
    for run in runs:
        random = run.random(f"{side.file} occurrences")
        for pattern in random.sample(range(len(SIGNATURES)), random.randrange(3)):
            matched = json.dumps(["title", run.phases[-1]])
            similarity = round(0.5 + random.random() / 2, 4)
            yield side.first_id + pattern, run.workflow_id, similarity, matched, text(run.started)
