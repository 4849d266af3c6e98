"""`pgraduate report`: the evidence of a run as a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pgraduate.cli import options, output


@click.command("report", short_help="Render a run's journal as HTML, Markdown and JSON.")
@click.argument("run_id", required=False)
@click.option(
    "-o", "--output", "directory", type=click.Path(file_okay=False, path_type=Path), help="Write the files here."
)
@options.project
@options.as_json
def command(run_id: str | None, directory: Path | None, project: Path | None, as_json: bool) -> int:
    """Render a run's journal, by default the last one's, as a self-contained HTML page, Markdown and JSON.

    \b
    Examples:
      pgraduate report
      pgraduate report 20260102-030405-678 -o evidence/
    """
    from pgraduate.journey.stages import report_run

    return output.emit(report_run(options.settings(project), run_id, directory), text, as_json=as_json)


def text(document: dict[str, Any]) -> str:
    return "\n".join(document["report"].values())
