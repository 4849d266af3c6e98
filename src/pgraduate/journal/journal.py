"""One run's journal: `.pgraduate/runs/<id>/journal.jsonl`.

Entries are appended, never changed; a step's end is on disk before its result is reported (fsync).  Appends of
several processes are put in line by a lock on the file.  A line torn by a kill is no entry: every reader leaves
it out, and a report counts it.  A journal holds figures, decisions and plans, never a row's value or a secret.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
_OWN_KEYS = frozenset({"type", "at", "step"})


@dataclass(slots=True)
class Step:
    """A step under way.  Figures that it records carry its name, which is how a report finds their source."""

    journal: Journal
    name: str
    verb: str
    seconds: float = 0.0

    def figure(self, name: str, value: int | float | None, unit: str = "") -> Figure:
        """Record a measurement of this step, None where it could not be taken, and give it back."""
        self.journal.append("figure", self.name, name=name, value=value, unit=unit)
        return Figure(name, value, unit, self.name)

    def fact(self, name: str, value: Any) -> None:
        """Record what the step found under a name of the report's vocabulary (`pgraduate.report.reader`)."""
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


@dataclass(frozen=True, slots=True)
class Journal:
    run_id: str
    directory: Path

    @property
    def path(self) -> Path:
        return self.directory / "journal.jsonl"

    @staticmethod
    def create(state: Path, facts: dict[str, Any], *, run_id: str | None = None) -> Journal:
        """Open a new run below the state directory, which is made private and invisible to git.

        The new run's directories are on disk, too, before this returns.
        """
        prepare_state(state)
        directory = _new_directory(state / "runs", run_id)
        journal = Journal(directory.name, directory)
        journal.append("run_opened", "", durable=True, format=FORMAT, run_id=journal.run_id, **facts)
        for parent in (directory, directory.parent, state, state.parent):
            _sync_directory(parent)
        return journal

    @staticmethod
    def open_or_create(state: Path, run_id: str) -> Journal:
        """Open a run's journal, or begin one for a run that only the target knows (its directory was lost)."""
        if run_id in runs(state):
            return Journal.open(state, run_id)
        return Journal.create(state, {"sources": [], "target": "", "policy": "", "version": ""}, run_id=run_id)

    @staticmethod
    def open(state: Path, run_id: str) -> Journal:
        """Open an earlier run by its id.

        Raises UsageError if there is none, and PgraduateError if a later version's format is not understood.
        """
        known = runs(state)
        if run_id not in known:
            names = ", ".join(known) or "none"
            raise UsageError(f"there is no run '{run_id}'", where=str(state), hint=f"known runs: {names}")
        journal = Journal(run_id, state / "runs" / run_id)
        opened = next(journal.entries(), {})
        if opened.get("format", FORMAT) > FORMAT:
            raise PgraduateError(
                f"run '{run_id}' was written by a later version of pgraduate",
                where=str(journal.path),
                hint="use that version, or a newer one",
            )
        return journal

    def lines(self) -> Iterator[dict[str, Any] | None]:
        """Read all entries in their order, with None in the place of a line that a kill tore."""
        with self.path.open("rb") as file:
            for line in file:
                yield _entry(line)

    def entries(self) -> Iterator[dict[str, Any]]:
        """Read all whole entries in their order."""
        return (entry for entry in self.lines() if entry is not None)

    def append(self, kind: str, step: str, /, *, durable: bool = False, **content: Any) -> None:
        """Append one entry, and have it on disk before returning where it is `durable`.

        Raises PgraduateError where the file system refuses, ValueError for content that is not JSON or that
        would take the place of an entry's own keys.
        """
        with self._exclusive() as descriptor:
            _write(descriptor, kind, step, content)
            if durable:
                os.fsync(descriptor)

    @contextmanager
    def step(self, verb: str, *, spent: float = 0.0, **facts: Any) -> Iterator[Step]:
        """Record a step from start to end; a step that raises ends with the error's code and message.

        `spent` is the seconds that the step had worked before there was a journal to write to.
        """
        step = Step(self, self._start(verb, facts), verb)
        started = time.monotonic() - spent
        try:
            yield step
        except BaseException as error:
            self._end(step, started, "failed", **_failure(error))
            raise
        self._end(step, started, "done")

    def _start(self, verb: str, facts: dict[str, Any]) -> str:
        """Name the step by its place among its verb's, which no other process can take meanwhile."""
        with self._exclusive() as descriptor:
            earlier = sum(entry["type"] == "step_started" and entry.get("verb") == verb for entry in self.entries())
            name = f"{verb}-{earlier + 1}"
            _write(descriptor, "step_started", name, {"verb": verb} | facts)
        return name

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

    @contextmanager
    def _exclusive(self) -> Iterator[int]:
        """Hold the file open and locked: one appends, the others wait their few microseconds."""
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                yield descriptor
            finally:
                os.close(descriptor)
        except OSError as error:
            raise PgraduateError(
                f"the journal cannot be written: {error.strerror}",
                where=str(self.path),
                hint="the same command resumes once the disk takes writes again",
            ) from error


def prepare_state(state: Path) -> None:
    """Make the state directory: 0700, and ignored by git through a file of its own."""
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    if state.stat().st_mode & 0o077:
        state.chmod(0o700)
    ignore = state / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", "utf-8")


def runs(state: Path) -> list[str]:
    """List the runs below a state directory, oldest first."""
    directory = state / "runs"
    if not directory.is_dir():
        return []
    return sorted(entry.name for entry in directory.iterdir() if (entry / "journal.jsonl").is_file())


def _new_directory(parent: Path, name: str | None) -> Path:
    """Make a directory of this name, else one named by the moment, to the millisecond, so that names sort by age
    and never repeat."""
    parent.mkdir(exist_ok=True, mode=0o700)
    if name is not None:
        (parent / name).mkdir(exist_ok=True, mode=0o700)
        return parent / name
    while True:
        moment = datetime.now(UTC)
        directory = parent / f"{moment:%Y%m%d-%H%M%S}-{moment.microsecond // 1000:03}"
        try:
            directory.mkdir(mode=0o700)
        except FileExistsError:
            time.sleep(0.001)
        else:
            return directory


def _sync_directory(directory: Path) -> None:
    """Make a directory's names durable; a file's own fsync does not do that."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _entry(line: bytes) -> dict[str, Any] | None:
    """Parse a line; it may lack its newline, since no true prefix of a JSON object is one."""
    try:
        entry = json.loads(line.decode())
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and "type" in entry else None


def _write(descriptor: int, kind: str, step: str, content: dict[str, Any]) -> None:
    """Write one line at the end; a torn line before it is ended first, so that it cannot swallow this one."""
    if clash := _OWN_KEYS & content.keys():
        raise ValueError(f"an entry's own keys cannot be given: {sorted(clash)}")
    entry = {"type": kind, "at": datetime.now(UTC).isoformat(), "step": step} | content
    # ASCII with \u escapes: a path that is not UTF-8 (lone surrogates) must not stop a run.
    data = (json.dumps(entry, allow_nan=False) + "\n").encode("ascii")
    size = os.fstat(descriptor).st_size
    if size and os.pread(descriptor, 1, size - 1) != b"\n":
        data = b"\n" + data
    while data:
        data = data[os.write(descriptor, data) :]


def _failure(error: BaseException) -> dict[str, Any]:
    """Say why a step failed; the text of a foreign error stays out, it may quote a row's value or a secret."""
    if isinstance(error, PgraduateError):
        return error.to_json() | {"exit_code": error.exit_code}
    return {"code": type(error).__name__, "message": ""}
