"""`pgraduate backup`: a sealed copy of a SQLite database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pgraduate.cli import options, output, sinks
from pgraduate.model.figure import render


@click.command("backup", short_help="Seal a SQLite database: one moment, whole and checked.")
@click.argument("source", type=click.Path(path_type=Path, readable=False))
@click.option(
    "-o", "--output", "file", type=click.Path(dir_okay=False, path_type=Path), help="The copy's name (*.db)."
)
@options.project
@options.quiet
@options.as_json
def command(source: Path, file: Path | None, project: Path | None, quiet: bool, as_json: bool) -> int:
    """Seal a SQLite database: one moment of it, its -wal included, integrity checked, with a SHA-256.

    \b
    Examples:
      pgraduate backup app.db
      pgraduate backup app.db -o sealed/app-before.db
    """
    from pgraduate.journey.stages import back_up_source

    settings = options.settings(project)
    return output.emit(
        back_up_source(source, settings, file, sink=sinks.choose(quiet=quiet)), text, as_json=as_json
    )


def text(document: dict[str, Any]) -> str:
    return (
        f"sealed  {document['sealed']}\n"
        f"size    {render(document['bytes'], 'bytes')} in {render(document['seconds'], 'seconds')}, integrity ok\n"
        f"sha256  {document['digest']}"
    )
