"""The other backup tools that are here already."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import psycopg

_CONFIGURATIONS = {
    "pgBackRest": ("pgbackrest", (Path("/etc/pgbackrest/pgbackrest.conf"), Path("/etc/pgbackrest.conf"))),
    "Barman": ("barman", (Path("/etc/barman.conf"), Path("/etc/barman/barman.conf"))),
}


@dataclass(frozen=True, slots=True)
class OtherTool:
    tool: str
    where: str
    what: str


def configuration_of(tool: str) -> Path | None:
    """Give the tool's configuration where one stands in its own place."""
    return next((path for path in _CONFIGURATIONS[tool][1] if path.exists()), None)


def other_tools(connection: psycopg.Connection) -> tuple[OtherTool, ...]:
    """Find pgBackRest and Barman by archive_command, where it may be read, by configuration, or by program."""
    row = connection.execute("SELECT setting FROM pg_settings WHERE name = 'archive_command'").fetchone()
    command = row[0] if row else ""
    found = []
    for tool, (program, _) in _CONFIGURATIONS.items():
        if program in command:
            found.append(
                OtherTool(tool, "archive_command", "it archives this server's WAL: point-in-time recovery is its")
            )
            continue
        configured = configuration_of(tool)
        where = str(configured) if configured else shutil.which(program)
        if where is not None:
            found.append(
                OtherTool(
                    tool, where, "it is here, but does not archive this server's WAL as far as this role sees"
                )
            )
    return tuple(found)
