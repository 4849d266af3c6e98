"""Run the command line as a user does, in a process of its own, and hold every document against its contract."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema

CONTRACTS = {
    "verify": "run",
    "verify as": "verify-as",
    "verify quarantine": "verify-quarantine",
    "verify restore": "verify-restore",
    "verify take-back": "verify-restore",
    "verify since": "verify-since",
    "demo": "run",
    "archive list": "archive-list",
    "archive verify": "archive-verify",
    "archive restore": "archive-restore",
    "server compose": "server-compose",
    "maintain check": "maintain-check",
    "maintain run": "maintain-run",
    "tune statements": "tune-statements",
    "tune indexes plan": "tune-indexes-plan",
    "tune indexes apply": "tune-indexes-apply",
    "tune indexes check": "tune-indexes-check",
    "tune indexes undo": "tune-indexes-undo",
    "tune indexes drop": "tune-indexes-drop",
    "tune settings plan": "tune-settings-plan",
    "tune settings apply": "tune-settings-apply",
    "tune settings undo": "tune-settings-undo",
    "tune tables plan": "tune-tables-plan",
    "tune tables apply": "tune-tables-apply",
    "tune tables undo": "tune-tables-undo",
    "maintain backup": "maintain-backup",
    "maintain restore-drill": "maintain-restore-drill",
    "maintain schedule": "maintain-schedule",
    "maintain retention plan": "maintain-retention-plan",
    "maintain retention run": "maintain-retention-run",
    "maintain retention restore": "maintain-retention-restore",
}


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The JSON document of a call with --json, valid by the contract of its command."""
        document = json.loads(self.out)
        if "error" in document:
            name = "error"
        else:
            command = document["command"]
            name = CONTRACTS.get(command, command.split()[0])
        contract = json.loads(files("pgraduate.cli").joinpath("contracts", f"{name}.schema.json").read_text())
        jsonschema.validate(document, contract)
        return document


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The tests' own environment without a target in it."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PG", "POSTGRES_", "DATABASE_URL"))
    }
    return kept | dict(extra or {})


def pgraduate(
    *arguments: object,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    timeout: float = 120,
    first: Callable[[], None] | None = None,
) -> Result:
    """Call `pgraduate` with these arguments in a directory; `first` is done in the child before it begins."""
    done = subprocess.run(
        [sys.executable, "-m", "pgraduate", *map(str, arguments)],
        cwd=cwd,
        env=environment(env),
        capture_output=True,
        text=True,
        timeout=timeout,
        stdin=subprocess.DEVNULL,
        check=False,
        preexec_fn=first,
    )
    return Result(done.returncode, done.stdout, done.stderr)
