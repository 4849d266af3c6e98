"""`pgraduate schema`: the DDL as files that a person would review."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pgraduate.cli import options, output, sinks


@click.command("schema", short_help="Show the DDL, with the reason of each choice.")
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@click.option(
    "-o",
    "--output",
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write one file per kind here.",
)
@options.shaping
@options.project
@options.quiet
@options.as_json
def command(
    sources: tuple[Path, ...],
    directory: Path | None,
    policy: str | None,
    identifiers: str | None,
    target_schema: str | None,
    project: Path | None,
    quiet: bool,
    as_json: bool,
    **selection: tuple[str, ...],
) -> int:
    """Show the DDL that a run would apply, with the reason of each choice. No server is needed.

    \b
    Examples:
      pgraduate schema app.db
      pgraduate schema app.db -o ddl/
    """
    from pgraduate.journey.stages import plan_schema_files

    settings = options.settings(project, None, policy, identifiers, target_schema, **selection)
    document = plan_schema_files(sources, settings, directory, sink=sinks.choose(quiet=quiet))
    return output.emit(document, text, as_json=as_json)


def text(document: dict[str, Any]) -> str:
    lines: list[str] = []
    for schema in document["schemas"]:
        lines += schema["written"] or [body for _, body in sorted(schema["files"].items())]
    return "\n".join(lines)
