"""`pgraduate uninstall`: list and remove what pgraduate left in a database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pgraduate.cli import options, output, sinks


@click.command("uninstall", short_help="List and remove what pgraduate left in a database.")
@click.option("--yes", is_flag=True, help="Remove what the list names.")
@options.target
@options.project
@options.quiet
@options.as_json
def command(yes: bool, target: str | None, project: Path | None, quiet: bool, as_json: bool) -> int:
    """List what pgraduate left in a database besides your own tables; with --yes remove it.

    \b
    Examples:
      pgraduate uninstall
      pgraduate uninstall --to env --yes
    """
    from pgraduate.journey.uninstall import uninstall

    document = uninstall(options.settings(project, target), yes=yes, sink=sinks.choose(quiet=quiet))
    return output.emit(document, text, as_json=as_json)


def text(document: dict[str, Any]) -> str:
    if not document["found"]:
        return "pgraduate has left nothing here"
    lines = []
    left = {(trace["kind"], trace["name"]) for trace in document["left"]}
    for trace in document["found"]:
        removed = document["removed"] and (trace["kind"], trace["name"]) not in left
        line = f"{'removed' if removed else 'found'}  {trace['kind']} {trace['name']}"
        if trace["needed_by"]:
            line += f" (stays: {trace['needed_by']})"
        if trace["holds"]:
            line += f" (holds {trace['holds']})"
        lines.append(line)
    if not document["removed"]:
        lines.append("pgraduate uninstall --yes removes what is not marked as staying")
    return "\n".join(lines)
