"""The sample application carried from its first commit to the last one, through every verb, in a real repository."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.cli import environment, pgraduate

SAMPLE = Path(__file__).parents[2] / "examples" / "workflows"
SOURCES = ("workflows.db", "phases.db")
BRANCH = "postgresql"
LONG_AGO = "2024-01-01T00:00:00Z"
SECRET = "a-secret-that-nobody-writes-down"


@dataclass
class Walked:
    """The project, and the JSON document of every command in the order in which they were called."""

    project: Path
    documents: list[dict[str, Any]] = field(default_factory=list)
    codes: list[tuple[str, int]] = field(default_factory=list)

    def call(self, *arguments: str, codes: tuple[int, ...] = (0, 3)) -> dict[str, Any]:
        """Call pgraduate with --json; its document must be valid and its code one of these."""
        done = pgraduate(*arguments, "--json", cwd=self.project, env={"SAMPLE_API_TOKEN": SECRET}, timeout=300)
        assert done.code in codes, f"{' '.join(arguments)}: {done.code}\n{done.err}\n{done.out[-2000:]}"
        document: dict[str, Any] = done.document
        self.documents.append(document)
        self.codes.append((" ".join(arguments), done.code))
        return document

    def last(self, command: str) -> dict[str, Any]:
        return next(item for item in reversed(self.documents) if item.get("command") == command)

    def git(self, *arguments: str) -> str:
        return git(self.project, *arguments)

    @property
    def verbs(self) -> set[str]:
        return {line.split()[0] for line, _ in self.codes}


def git(place: Path, *arguments: str, when: str | None = None) -> str:
    dates = {"GIT_COMMITTER_DATE": when, "GIT_AUTHOR_DATE": when} if when else {}
    done = subprocess.run(
        ["git", *arguments], cwd=place, env=os.environ | dates, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def walk(place: Path) -> Iterator[Walked]:
    """Walk the whole journey on an embedded server, which goes at the end."""
    project = _application(place)
    walked = Walked(project)
    try:
        _prepare(walked)
        _move(walked)
        _change_the_code(walked)
        _optimize(walked)
        _finish(walked)
        yield walked
    finally:
        pgraduate("server", "remove", "--yes", cwd=project)


def _application(place: Path) -> Path:
    """Make the application's repository, with its databases beside the code and ignored."""
    project = place / "application"
    shutil.copytree(SAMPLE, project, ignore=shutil.ignore_patterns("data", "__pycache__", ".pytest_cache", "*.db"))
    command = [sys.executable, "generate.py", "--out", ".", "--seed", "7", "--size", "small"]
    subprocess.run(command, cwd=project, env=environment(), capture_output=True, check=True)
    (project / ".gitignore").write_text("*.db\n*.db-wal\n*.db-shm\n__pycache__/\nworkload.jsonl\n")
    git(project, "init", "-q", "-b", "trunk", ".")
    git(project, "config", "user.name", "A")
    git(project, "config", "user.email", "a@example.org")
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "The application", when=LONG_AGO)
    return project


def _prepare(walked: Walked) -> None:
    walked.call("assess", *SOURCES)
    walked.call("backup", SOURCES[0], "-o", ".pgraduate/before.db")
    walked.call("schema", *SOURCES, "-o", ".pgraduate/ddl")
    walked.call("server", "start")
    walked.call("translate", "SELECT datetime('now')", codes=(0,))


def _move(walked: Walked) -> None:
    walked.call("run", *SOURCES)
    walked.call("verify")
    walked.call("status")


def _change_the_code(walked: Walked) -> None:
    """Commit a change, as a person would: what the documents count from git."""
    readme = walked.project / "app" / "db.py"
    readme.write_text("# The engine is chosen by DB_TYPE.\n" + readme.read_text())
    walked.git("commit", "-q", "-am", "Choose the engine")


def _optimize(walked: Walked) -> None:
    _record(walked.project / "workload.jsonl")
    walked.call("tune", "indexes", "plan", "--workload", "workload.jsonl")
    walked.call("tune", "indexes", "apply")
    walked.call("tune", "statements", "--workload", "workload.jsonl")
    walked.call("tune", "settings", "plan")
    walked.call("maintain", "check")
    walked.call("maintain", "run")
    walked.call("maintain", "backup")
    walked.call("maintain", "restore-drill")
    walked.call("doctor")
    walked.call("archive", SOURCES[1], "--window", "0.2")
    walked.call(
        "archive", SOURCES[0], "--window", "0.2", "--remove", "--accept", "references", "--accept", "changes"
    )
    walked.call("archive", "list")
    walked.call("report")


def _record(path: Path) -> None:
    """Write what the application asked: values stand in it, so git does not see it."""
    lines: list[dict[str, Any]] = [{"format": "pgraduate.workload", "version": 1, "engine": "sqlite"}]
    sql = "SELECT count(*) FROM workflow_history WHERE status = ? AND created_at > ?"
    lines += [{"sql": sql, "parameters": ["completed", f"2025-0{n}-01"], "calls": 50} for n in range(1, 6)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")


def _finish(walked: Walked) -> None:
    walked.call("document")
    walked.call("finish", "--commit", "--branch", BRANCH)
