"""`pgraduate server`: the embedded PostgreSQL, by hand."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pgraduate.cli import options, output
from pgraduate.model.figure import render

if TYPE_CHECKING:
    from pgraduate.cluster import Embedded, ServerStatus

_directory = click.option(
    "--dir",
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    help="Its directory (default: .pgraduate/server).",
)


@click.group("server", short_help="Start, stop and remove the embedded PostgreSQL.")
def command() -> None:
    """Start, stop and remove the embedded PostgreSQL, for rehearsal and tests.

    \b
    Examples:
      pgraduate server start
      pgraduate server status --json
      pgraduate server compose
    """


@command.command("start")
@_directory
@options.project
@options.as_json
def start(directory: Path | None, project: Path | None, as_json: bool) -> int:
    """Start the server, making it on first use; a second start changes nothing.

    \b
    Example:
      pgraduate server start
    """
    return _tell("start", _embedded(directory, project), lambda server: server.start(), as_json=as_json)


@command.command("stop")
@_directory
@options.project
@options.as_json
def stop(directory: Path | None, project: Path | None, as_json: bool) -> int:
    """Stop the server; its data stays.

    \b
    Example:
      pgraduate server stop
    """
    return _tell("stop", _embedded(directory, project), lambda server: server.stop(), as_json=as_json)


@command.command("status")
@_directory
@options.project
@options.as_json
def status(directory: Path | None, project: Path | None, as_json: bool) -> int:
    """Say whether the server runs, and how to connect to it.

    \b
    Example:
      pgraduate server status --json
    """
    return _tell("status", _embedded(directory, project), lambda server: server.status(), as_json=as_json)


@command.command("remove")
@click.option("--yes", is_flag=True, help="Really remove it, with all data in it.")
@_directory
@options.project
@options.as_json
def remove(yes: bool, directory: Path | None, project: Path | None, as_json: bool) -> int:
    """Stop the server and delete its data directory.

    \b
    Example:
      pgraduate server remove --yes
    """
    from pgraduate.errors import Refused

    server = _embedded(directory, project)
    if not yes:
        raise Refused("this deletes the server and all data in it", hint="say so with --yes")
    server.remove()
    return _tell("remove", server, lambda removed: removed.status(), as_json=as_json)


@command.command("compose")
@click.option(
    "-o", "--output", "where", type=click.Path(file_okay=False, path_type=Path), help="Write the files here."
)
@click.option("--force", is_flag=True, help="Replace files that differ.")
@options.as_json
def compose(where: Path | None, force: bool, as_json: bool) -> int:
    """Write docker-compose.yml and .env.example for a server in a container.

    \b
    Example:
      pgraduate server compose -o deploy/
    """
    from pgraduate.cluster import write_compose

    written = [str(path) for path in write_compose(where or Path.cwd(), force=force)]
    document = {"schema_version": output.SCHEMA_VERSION, "command": "server compose", "written": written}
    return output.emit(document, lambda result: "\n".join(result["written"]), as_json=as_json)


def _embedded(directory: Path | None, project: Path | None) -> Embedded:
    from pgraduate.cluster import Embedded
    from pgraduate.journey.destination import embedded_directory

    return Embedded(
        directory.absolute() if directory else embedded_directory(options.settings(project, "embedded"))
    )


def _tell(verb: str, server: Embedded, action: Callable[[Embedded], ServerStatus], *, as_json: bool) -> int:
    found = action(server)
    document = {
        "schema_version": output.SCHEMA_VERSION,
        "command": f"server {verb}",
        "state": found.state,
        "directory": str(found.directory),
        "data": str(found.data) if found.data else None,
        "binaries": str(found.binaries) if found.binaries else None,
        "version": found.version,
        "pid": found.pid,
        "conninfo": found.conninfo,
        "bytes": found.bytes,
    }
    return output.emit(document, text, as_json=as_json)


def text(document: dict[str, Any]) -> str:
    lines = [f"{document['state']}  {document['directory']}"]
    if document["version"]:
        lines.append(f"version  PostgreSQL {document['version']}")
    if document["bytes"] is not None:
        lines.append(f"size     {render(document['bytes'], 'bytes')}")
    if document["conninfo"] and document["state"] == "running":
        lines.append(f"connect  psql {shlex.quote(document['conninfo'])}")
    return "\n".join(lines)
