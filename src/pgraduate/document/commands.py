"""The commands that a Database section may hold, and their execution.

The text is executed as it will be printed, by a shell in the project's directory without a terminal, with DATABASE_URL set
as the text itself sets it.  The journal keeps purpose, text, exit code and time, never the output.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LIMIT = 3600.0
"""Seconds after which a command counts as failed."""
TIMED_OUT = 124
"""What timeout(1) gives."""
_LOOKED = frozenset({0, 3})
PURPOSES = ("connect", "back up", "restore", "monitor", "maintain")


@dataclass(frozen=True, slots=True)
class Command:
    """`text` is one block of shell, as printed and as executed; `success` are the exit codes that say that it did what
    it is for: 3 is a look that found something."""

    purpose: str
    title: str
    text: str
    success: frozenset[int] = frozenset({0})


@dataclass(frozen=True, slots=True)
class Execution:
    """How a command ended; `said` is what it said first of all on stderr, for the terminal alone."""

    command: Command
    exit_code: int
    seconds: float
    said: str


def commands(conninfo: str, *, embedded: bool) -> tuple[Command, ...]:
    """Give the commands for a target; `conninfo` holds no password."""
    to = "" if embedded else " --to env"
    psql = 'psql "$DATABASE_URL" --no-psqlrc --set ON_ERROR_STOP=1'
    return (
        Command(
            "connect",
            "The application and every command below read DATABASE_URL; without -c, psql opens a prompt",
            f"export DATABASE_URL={shlex.quote(conninfo)}\n{psql} -c 'SELECT current_database(), current_user'",
        ),
        Command(
            "back up",
            "One moment of the whole database, in a file that pg_restore reads, with the digest of each table",
            f"pgraduate maintain backup{to}",
        ),
        Command(
            "restore",
            "The newest backup, restored into a private server that goes afterwards, and compared table by table",
            "pgraduate maintain restore-drill",
        ),
        Command(
            "monitor", "Findings about the server, each with what to do", f"pgraduate maintain check{to}", _LOOKED
        ),
        Command(
            "monitor",
            "Who is connected, and what they wait for",
            f"{psql} -c 'SELECT state, wait_event_type, count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() GROUP BY 1, 2'",
        ),
        Command(
            "maintain", "VACUUM, ANALYZE and REINDEX, where measured to be needed", f"pgraduate maintain run{to}"
        ),
    )


def execute(command: Command, project: Path, conninfo: str, secret: str | None = None) -> Execution:
    """Run one command as it is printed; its failure is a result.  `secret` reaches it as PGPASSWORD."""
    began = time.monotonic()
    try:
        done = subprocess.run(
            ["sh", "-eu", "-c", command.text],
            cwd=project,
            env=_environment(conninfo, secret),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LIMIT,
            check=False,
        )
        code, said = done.returncode, done.stderr
    except subprocess.TimeoutExpired as error:
        code, said = TIMED_OUT, error.stderr or b""
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return Execution(command, code, time.monotonic() - began, _telling(lines))


def _telling(lines: list[str]) -> str:
    """Choose the line that says what went wrong: pgraduate's own, else the last one."""
    return next((line for line in lines if line.startswith("pgraduate: ")), lines[-1] if lines else "")


def _environment(conninfo: str, secret: str | None) -> Mapping[str, str]:
    """The user's environment, with the pgraduate that runs now to be found by its name."""
    own = str(Path(sys.executable).parent)
    password = {"PGPASSWORD": secret} if secret is not None else {}
    return {
        **os.environ,
        **password,
        "DATABASE_URL": conninfo,
        "PATH": f"{own}{os.pathsep}{os.environ.get('PATH', '')}",
    }
