"""`pgraduate undo`: take a run back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pgraduate.cli import options, output, sinks


@click.command("undo", short_help="Take a run back; the catalog is then as it was.")
@click.argument("run_id", required=False)
@options.target
@options.project
@options.quiet
@options.as_json
def command(run_id: str | None, target: str | None, project: Path | None, quiet: bool, as_json: bool) -> int:
    """Take a run back, by default the target's last one, in the reverse order of its operations.

    Refused (exit code 5) where rows were written since: nothing is lost by an undo.

    \b
    Examples:
      pgraduate undo
      pgraduate undo 20260102-030405-678 --to env
    """
    from pgraduate.journey.undo import undo

    document = undo(options.settings(project, target), run_id, sink=sinks.choose(quiet=quiet))
    return output.emit(document, text, as_json=as_json)


def text(document: dict[str, Any]) -> str:
    lines = [f"run {document['run_id']} is taken back"]
    lines += [f"  {item['operation']}: {item['subject']}" for item in document["removed"]]
    return "\n".join(lines)
