"""Rows that only workflows.db has."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from sample.runs import ERRORS, PHASES, PROJECTS, SERVICES, TEMPLATES, Run, text
from sample.shared import TOOLS, Row, Side

OPERATORS = ("amber", "birch", "cedar", "dune", "ember", "fjord", "grove", "heath")
TAGS = ("urgent", "routine", "experimental", "customer", "security")
NOTES = (
    "Looks fine.",
    "Do not retry before the import is over.",
    "Slower than last week; see the tester's output.",
    "Approved.",
    "The second line\nbelongs to the note as well.",
)


def workflow_history(side: Side, runs: Iterable[Run]) -> Iterator[Row]:
    for run in runs:
        random = run.random("history")
        failed, units = run.status == "failed", random.randrange(1000, 90_000)
        yield (
            side.first_id + run.number,
            run.workflow_id,
            run.title,
            run.status,
            random.choice(("manual", "schedule", "hook")),
            random.choice(("standard", "large", "gpu")),
            text(run.started),
            text(run.finished),
            float(run.seconds) if run.finished else None,
            round(random.random() * 40, 3),
            int(failed and random.random() < 0.3),
            len(run.phases) - failed - 2 * (run.status == "running"),
            len(run.phases),
            round(random.random() * 3, 6),
            round(random.random(), 4),
            round(random.random(), 4),
            random.choice(ERRORS) if failed else None,
            json.dumps(
                {"exit_code": random.choice((1, 28, 137)) if failed else 0, "warnings": random.randrange(9)}
            ),
            text(run.started),
            text(run.finished or run.started),
            run.project,
            run.template,
            1 + run.number % 2,
            random.choice(("main", "stable", None)),
            random.randrange(0, 101, 10),
            int(random.random() < 0.4),
            random.choice(("low", "medium", "high")),
            json.dumps({phase: random.randrange(1, 300) for phase in run.phases}),
            json.dumps({service: round(random.random(), 6) for service in SERVICES}),
            units,
            random.randrange(units),
            random.randrange(units),
            json.dumps(["slow"] if run.seconds > 900 else []),
            json.dumps([{"step": run.phases[-1], "advice": "run in parallel"}] if failed else []),
            run.started.hour,
            run.started.isoweekday() % 7,
            1 + run.number % len(OPERATORS),
            f"{run.title}, please.",
        )


def projects(begin: datetime) -> Iterator[Row]:
    for number, slug in enumerate(PROJECTS, start=1):
        parent = PROJECTS.index(slug.split("-")[0]) + 1 if "-" in slug else None
        settings = json.dumps({"notify": number % 2 == 0, "retention_days": 30 * number})
        yield (
            number,
            slug,
            slug.replace("-", " ").title(),
            parent,
            int(slug == "mobile"),
            settings,
            f"{begin:%Y-%m-%d}",
        )


def operators(begin: datetime) -> Iterator[Row]:
    roles = ("admin", "editor", "viewer")
    for number, name in enumerate(OPERATORS, start=1):
        digest = hashlib.sha256(name.encode()).digest()
        yield number, f"{name}@example.org", name.title(), roles[number % 3], int(number < 8), digest, text(begin)


def workflow_templates(begin: datetime) -> Iterator[Row]:
    for name in TEMPLATES:
        for version in (1, 2):
            definition = json.dumps({"parallel": version == 2, "phases": PHASES[: 2 + version]})
            yield name, version, f"{name}, version {version}", definition, text(begin + timedelta(days=version))


def template_steps() -> Iterator[Row]:
    for name in TEMPLATES:
        for version in (1, 2):
            for position, phase in enumerate(PHASES[: 2 + version], start=1):
                yield name, version, position, phase, TOOLS[position * version][0], int(phase == "review")


def price_list(begin: datetime) -> Iterator[Row]:
    for service, price in SERVICES.items():
        yield service, price, "EUR", f"{begin:%Y-%m-%d}"


def budgets(begin: datetime) -> Iterator[Row]:
    for project in range(1, len(PROJECTS) + 1):
        for days in (15, 45, 75):
            yield project, f"{begin + timedelta(days=days):%Y-%m}", 250 * project + days / 4, 0.8


def schedules(until: datetime) -> Iterator[Row]:
    for project in range(1, len(PROJECTS) + 1):
        template = TEMPLATES[project % len(TEMPLATES)]
        yield (
            project,
            template,
            1,
            f"{project * 5} 4 * * *",
            int(project != 7),
            text(until + timedelta(hours=project)),
        )


def settings(until: datetime) -> Iterator[Row]:
    values = {"theme": "dark", "page_size": 20, "alert_share": 0.8, "logo": b"\x89IMG\r\n\x00\xff", "motd": None}
    for name, value in values.items():
        yield name, value, text(until)


def report_cache(until: datetime) -> Iterator[Row]:
    seconds = int(until.replace(tzinfo=UTC).timestamp())
    for number, report in enumerate(("costs", "tools", "projects")):
        yield report, json.dumps({"report": report, "rows": number}), seconds - 600 * number, 900


def saved_searches() -> Iterator[Row]:
    for operator in range(1, len(OPERATORS) + 1, 2):
        for name, filters in (
            ("Failures", {"status": "failed"}),
            ("Large ones", {"min_cost": 0.5, "tags": ["urgent"]}),
        ):
            yield operator, name, json.dumps(filters)


def workflow_tags(runs: Iterable[Run]) -> Iterator[Row]:
    for run in runs:
        random = run.random("tags")
        for tag in random.sample(TAGS, random.randrange(3)):
            yield run.workflow_id, tag, text(run.started)


def workflow_notes(runs: Iterable[Run]) -> Iterator[Row]:
    for run in runs:
        if run.number % 5 == 0:
            random = run.random("notes")
            author = random.randrange(len(OPERATORS)) + 1
            yield run.workflow_id, author, random.choice(NOTES), int(random.random() < 0.2), text(run.started)


def workflow_artifacts(runs: Iterable[Run]) -> Iterator[Row]:
    for run in runs:
        if run.number % 7 == 0:
            content = run.random("artifacts").randbytes(64 + run.number % 960)
            digest = hashlib.sha256(content).hexdigest()
            yield run.workflow_id, "result.bin", "application/octet-stream", content, digest, text(run.started)


def workflow_archive(seed: int, count: int, begin: datetime) -> Iterator[Row]:
    """Runs from before the history begins; nothing else refers to them."""
    random = Random(f"{seed}:archive")
    for number in range(count // 4):
        started = begin - timedelta(days=random.randrange(1, 200), seconds=random.randrange(86_400))
        finished = started + timedelta(seconds=random.randrange(20, 2000))
        snapshot = json.dumps({"id": number, "retry_count": random.randrange(3), "branch": "main"})
        yield (
            f"wf-old-{number:06d}",
            "Nightly build",
            random.choice(("completed", "failed")),
            text(started),
            text(finished),
            round(random.random(), 6),
            snapshot,
            "retention",
            text(begin),
        )


def alerts(runs: Iterable[Run]) -> Iterator[Row]:
    for run in runs:
        if run.status == "failed":
            random = run.random("alerts")
            done = random.random() < 0.7
            by = random.randrange(len(OPERATORS)) + 1 if done else None
            severity = random.choice(("info", "warning", "critical"))
            yield run.project, run.workflow_id, severity, f"{run.title} failed", int(done), by, text(run.finished)


def webhook_deliveries(side: Side, runs: Iterable[Run]) -> Iterator[Row]:
    """Answers to the first events, in the order in which hook_events counts them."""
    for run in runs:
        random = run.random("deliveries")
        if random.random() < 0.6:
            milliseconds = round(run.started.replace(tzinfo=UTC).timestamp() * 1000) + random.randrange(1000)
            url = f"https://hooks.example.org/{run.template}"
            yield (
                side.first_id + run.number,
                url,
                1,
                random.choice((200, 200, 503)),
                random.randbytes(12),
                milliseconds,
            )


def audit_log(runs: Iterable[Run]) -> Iterator[Row]:
    for run in runs:
        actor = OPERATORS[run.number % len(OPERATORS)]
        yield actor, "start", run.workflow_id, json.dumps({"project": run.project}), text(run.started)
        if run.finished:
            yield "system", run.status, run.workflow_id, None, text(run.finished)
