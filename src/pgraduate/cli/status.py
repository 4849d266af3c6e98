"""`pgraduate status`: where one stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pgraduate.cli import options, output


@click.command("status", short_help="Say where one stands and what comes next.")
@options.target
@options.project
@options.as_json
def command(target: str | None, project: Path | None, as_json: bool) -> int:
    """Say which runs the target and the journals here know, how far each is, and what comes next.

    \b
    Examples:
      pgraduate status
      pgraduate status --to postgresql://app@localhost/app
    """
    from pgraduate.journey.status import status

    return output.emit(status(options.settings(project, target)), text, as_json=as_json)


def text(document: dict[str, Any]) -> str:
    target = document["target"]
    lines = [f"target  {target['conninfo']}" if target else f"target  {document['label']} (not running)"]
    for run in document["runs"]:
        schemas = ", ".join(source["schema"] for source in run["sources"])
        state = f"{run['state']}, verdict {run['verdict']}" if run["verdict"] else run["state"]
        lines.append(
            f"run     {run['run_id']}  {schemas}: {run['rows_done']:,} of {run['rows_planned']:,} rows, {state}"
        )
    known = {run["run_id"] for run in document["runs"]}
    for journal in document["journals"]:
        if journal["run_id"] not in known and journal["last_step"] != "undo":
            outcome = f"{journal['last_step']} {journal['outcome']}" if journal["last_step"] else "opened"
            lines.append(f"journal {journal['run_id']}  {outcome}, not in this target")
    lines.append(f"next    {document['next']}")
    return "\n".join(lines)
