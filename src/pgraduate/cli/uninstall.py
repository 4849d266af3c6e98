"""`pgraduate uninstall`: list and remove what pgraduate left in a database."""

from __future__ import annotations

from typing import Any

import click

from pgraduate.cli import options


@click.command("uninstall", short_help="List and remove what pgraduate left in a database.")
@click.option("--yes", is_flag=True, help="Remove what the list names.")
@options.on_target
def command(call: options.Call, yes: bool) -> int:
    """List what pgraduate left in a database besides your own tables; with --yes remove it.

    \b
    Examples:
      pgraduate uninstall
      pgraduate uninstall --to env --yes
    """
    from pgraduate.journey.uninstall import uninstall

    document = uninstall(call.settings(), yes=yes, sink=call.sink())
    return call.emit(document, text)


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
