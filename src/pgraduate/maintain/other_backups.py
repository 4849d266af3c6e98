"""The backups that pgBackRest and Barman hold, as these tools list them themselves.

A tool is asked where its program is on the PATH; one that is only configured is told, not asked.  Nothing is restored: a
list says that backups are there and how old they are, not that they restore.  A tool that does not answer, or not in its
documented form, is told as such.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pgraduate.maintain.recovery import configuration_of

_SECONDS = 60
"""How long a tool may take: its repository may be on the other side of a network."""


@dataclass(frozen=True, slots=True)
class OtherBackup:
    """`of` is the stanza or server; `ended` is ISO 8601 in UTC, None for one that did not end; `same_server` says whether
    its system identifier is the drilled backup's, None where the tool does not tell."""

    of: str
    name: str
    kind: str
    ended: str | None
    age_seconds: float | None
    bytes: int | None
    good: bool
    same_server: bool | None


@dataclass(frozen=True, slots=True)
class OtherShelf:
    """What one tool lists, newest first; `why` says why it could not be asked."""

    tool: str
    program: str
    restores_with: str
    backups: tuple[OtherBackup, ...] = ()
    why: str = ""


def ask_other_tools(system_identifier: str) -> tuple[OtherShelf, ...]:
    """List what pgBackRest and Barman hold; `system_identifier` is that of the server whose backup is drilled."""
    shelves = []
    for tool, name, arguments, read, restores_with in _TOOLS:
        program = shutil.which(name)
        configured = configuration_of(tool)
        if program is None and configured is not None:
            why = f"it is configured in {configured}, but {name} is not on the PATH"
            shelves.append(OtherShelf(tool, "", restores_with, why=why))
        elif program is not None:
            answer, why = _ask(program, arguments)
            backups: tuple[OtherBackup, ...] = ()
            try:
                found = list(read(json.loads(answer), system_identifier)) if not why else []
                backups = tuple(sorted(found, key=lambda backup: backup.ended or "", reverse=True))
            except (ValueError, TypeError, KeyError, AttributeError):
                why = f"`{' '.join([name, *arguments])}` did not answer in the form that is known here"
            shelves.append(OtherShelf(tool, program, restores_with, backups, why))
    return tuple(shelves)


def _ask(program: str, arguments: Sequence[str]) -> tuple[str, str]:
    """Give what a program prints, or why there is nothing: its own words may name hosts and stay with it."""
    said = f"`{' '.join([program, *arguments])}`"
    try:
        done = subprocess.run(
            [program, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "", f"{said} did not answer within {_SECONDS} seconds"
    except OSError as error:
        return "", f"{said} cannot be executed: {error.strerror}"
    return (
        (done.stdout, "") if done.returncode == 0 else ("", f"{said} ended with {done.returncode}: call it by hand")
    )


def _pgbackrest(stanzas: Any, system_identifier: str) -> Iterator[OtherBackup]:
    for stanza in stanzas:
        systems = {(db.get("repo-key"), db["id"]): str(db["system-id"]) for db in stanza.get("db", [])}
        for backup in stanza.get("backup", []):
            database = backup["database"]
            system = systems.get((database.get("repo-key"), database["id"]))
            yield _backup(
                stanza["name"],
                backup["label"],
                backup["type"],
                backup["timestamp"]["stop"],
                backup["info"]["size"],
                good=not backup.get("error"),
                same=None if system is None else system == system_identifier,
            )


def _barman(servers: Any, _system_identifier: str) -> Iterator[OtherBackup]:
    for server, backups in servers.items():
        if server.startswith("_"):  # messages of the program, not a server
            continue
        for backup in backups:
            good = backup.get("status", "DONE") == "DONE"
            ended = backup.get("end_time_timestamp")
            size = backup.get("size_bytes")
            yield _backup(server, backup["backup_id"], "base", ended, size, good=good, same=None)


def _backup(of: str, name: str, kind: str, ended: Any, size: Any, *, good: bool, same: bool | None) -> OtherBackup:
    moment = datetime.fromtimestamp(float(ended), UTC) if ended is not None else None
    age = round((datetime.now(UTC) - moment).total_seconds(), 1) if moment else None
    text = moment.isoformat() if moment else None
    return OtherBackup(of, name, kind, text, age, int(size) if size is not None else None, good, same)


_Reader = Callable[[Any, str], Iterator[OtherBackup]]
_TOOLS: Sequence[tuple[str, str, Sequence[str], _Reader, str]] = (
    (
        "pgBackRest",
        "pgbackrest",
        ("info", "--output=json"),
        _pgbackrest,
        "pgbackrest --stanza=NAME --pg1-path=EMPTY_DIRECTORY --archive-mode=off restore",
    ),
    (
        "Barman",
        "barman",
        ("--format", "json", "list-backups", "all"),
        _barman,
        "barman recover NAME latest EMPTY_DIRECTORY",
    ),
)
