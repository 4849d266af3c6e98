"""`pgraduate verify`: compare a run again."""

from __future__ import annotations

from pathlib import Path

import click

from pgraduate.cli import options, output, sinks
from pgraduate.cli.run import text


@click.command("verify", short_help="Compare a run's target with its sealed source again.")
@click.argument("run_id", required=False)
@options.target
@options.show_values
@options.project
@options.quiet
@options.as_json
def command(
    run_id: str | None, target: str | None, show_values: bool, project: Path | None, quiet: bool, as_json: bool
) -> int:
    """Compare every value in the target with the sealed source of a run, by default the last one.

    Code that shares nothing with the loader reads both sides. Rows that differ are named by key.

    \b
    Examples:
      pgraduate verify
      pgraduate verify 20260102-030405-678 --to env --show-values
    """
    from pgraduate.journey.stages import verify_run

    settings = options.settings(project, target)
    document = verify_run(settings, run_id, show_values=show_values, sink=sinks.choose(quiet=quiet))
    return output.emit(document, text, as_json=as_json)
