"""One run's journal: `.pgraduate/runs/<id>/journal.jsonl`.

Entries are appended, never changed; a step's end is on disk before its result is reported (fsync).  A torn last
line, left by a kill, is ignored by every reader.  A journal holds figures, decisions and plans, never a row's
value or a secret.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pgraduate.errors import PgraduateError, UsageError
from pgraduate.model.decision import Decision
from pgraduate.model.figure import Figure
from pgraduate.model.finding import Finding
from pgraduate.model.operation import Check, Context, Operation, Plan
from pgraduate.model.server import ServerIdentity
from pgraduate.model.wire import to_json

FORMAT = 1


@dataclass(slots=True)
class Step:
    """A step under way.  Figures that it records carry its name, which is how a report finds their source."""

    journal: Journal
    name: str
    verb: str
    seconds: float = 0.0

    def figure(self, name: str, value: int | float | None, unit: str = "") -> Figure:
        figure = Figure(name, value, unit, self.name)
        self.journal.append("figure", self.name, **to_json(figure) | {"step": self.name})
        return figure

    def fact(self, name: str, value: Any) -> None:
        self.journal.append("fact", self.name, name=name, value=to_json(value))

    def finding(self, finding: Finding) -> None:
        self.journal.append("finding", self.name, **to_json(finding))

    def decision(self, decision: Decision) -> None:
        self.journal.append("decision", self.name, **to_json(decision))

    def server(self, identity: ServerIdentity) -> None:
        self.journal.append("server", self.name, **to_json(identity))

    def perform(self, operation: Operation[Context], context: Context, plan: Plan) -> Check:
        """Write the plan and its undo to the journal, apply it, and record what the check says.

        Raises PgraduateError when the target does not stand as the plan wants it.
        """
        self.journal.append("operation_planned", self.name, durable=True, **to_json(plan))
        operation.apply(context, plan)
        check = operation.check(context, plan)
        self.journal.append(
            "operation_applied", self.name, operation=plan.operation, subject=plan.subject, **to_json(check)
        )
        if not check.holds:
            raise PgraduateError(
                f"{plan.operation} did not take effect: {check.why}",
                where=plan.subject,
                hint="the plan and its undo stand in the journal; `pgraduate undo` takes them back",
            )
        return check


@dataclass(slots=True)
class Journal:
    run_id: str
    directory: Path
    _steps: dict[str, int] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        return self.directory / "journal.jsonl"

    @staticmethod
    def create(state: Path, facts: dict[str, Any]) -> Journal:
        """Open a new run below the state directory, which is made private and invisible to git."""
        prepare_state(state)
        run_id = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-") + secrets.token_hex(2)
        directory = state / "runs" / run_id
        directory.mkdir(parents=True, mode=0o700)
        journal = Journal(run_id, directory)
        journal.append("run_opened", "", durable=True, format=FORMAT, run_id=run_id, **facts)
        return journal

    @staticmethod
    def open(state: Path, run_id: str) -> Journal:
        """Open an earlier run by its id; raise UsageError if there is none."""
        directory = state / "runs" / run_id
        if not (directory / "journal.jsonl").is_file():
            known = ", ".join(runs(state)) or "none"
            raise UsageError(f"there is no run '{run_id}'", where=str(state), hint=f"known runs: {known}")
        journal = Journal(run_id, directory)
        for entry in journal.entries():
            if entry["type"] == "step_started":
                journal._steps[entry["verb"]] = journal._steps.get(entry["verb"], 0) + 1
        return journal

    def entries(self) -> Iterator[dict[str, Any]]:
        """Read all whole entries in their order."""
        with self.path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    return
                yield json.loads(line)

    def append(self, kind: str, step: str, *, durable: bool = False, **content: Any) -> None:
        entry = {"type": kind, "at": datetime.now(UTC).isoformat(), "step": step} | content
        data = (json.dumps(entry, ensure_ascii=False) + "\n").encode()
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            data = _separator(descriptor) + data
            os.write(descriptor, data)
            if durable:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)

    @contextmanager
    def step(self, verb: str, **facts: Any) -> Iterator[Step]:
        """Record a step from start to end; a step that raises ends with the error's code and message."""
        number = self._steps.get(verb, 0) + 1
        self._steps[verb] = number
        step = Step(self, f"{verb}-{number}", verb)
        self.append("step_started", step.name, verb=verb, **facts)
        started = time.monotonic()
        try:
            yield step
        except BaseException as error:
            code = error.code if isinstance(error, PgraduateError) else type(error).__name__
            message = error.what if isinstance(error, PgraduateError) else ""
            self._end(step, started, "failed", code=code, message=message)
            raise
        self._end(step, started, "done")

    def _end(self, step: Step, started: float, outcome: str, **content: Any) -> None:
        step.seconds = time.monotonic() - started
        self.append(
            "step_ended",
            step.name,
            durable=True,
            verb=step.verb,
            outcome=outcome,
            seconds=round(step.seconds, 6),
            **content,
        )


def prepare_state(state: Path) -> None:
    """Make the state directory: 0700, and ignored by git through a file of its own."""
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    ignore = state / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", "utf-8")


def runs(state: Path) -> list[str]:
    """List the runs below a state directory, oldest first."""
    directory = state / "runs"
    if not directory.is_dir():
        return []
    return sorted(entry.name for entry in directory.iterdir() if (entry / "journal.jsonl").is_file())


def _separator(descriptor: int) -> bytes:
    """A line torn by a kill must not swallow the entry that follows it: end it first."""
    size = os.fstat(descriptor).st_size
    if size == 0 or os.pread(descriptor, 1, size - 1) == b"\n":
        return b""
    return b"\n"
