"""`pgraduate verify`: compare a run again, and ask what has become of it since."""

from __future__ import annotations

from pathlib import Path

import click

from pgraduate.cli import options, output, sinks
from pgraduate.errors import UsageError


@click.command("verify", short_help="Compare a run's target with its sealed source again.")
@click.argument("run_id", required=False)
@options.target
@options.show_values
@click.option("--since", is_flag=True, help="Instead say what the live source changed after it was sealed.")
@click.option("--as", "role", metavar="ROLE", help="Instead prove what a role can do with the run's tables.")
@options.project
@options.quiet
@options.as_json
def command(
    run_id: str | None,
    target: str | None,
    show_values: bool,
    since: bool,
    role: str | None,
    project: Path | None,
    quiet: bool,
    as_json: bool,
) -> int:
    """Compare every value in the target with the sealed source of a run, by default the last one.

    Code that shares nothing with the loader reads both sides. Rows that differ are named by key.

    \b
    Examples:
      pgraduate verify
      pgraduate verify 20260102-030405-678 --to env --show-values
      pgraduate verify --since
      pgraduate verify --as app
    """
    settings, sink = options.settings(project, target), sinks.choose(quiet=quiet)
    if since and role is not None:
        raise UsageError("--since and --as are two questions", hint="ask them one after the other")
    if since:
        from pgraduate.cli.verify_since import text as changes
        from pgraduate.journey.since import verify_since

        document = verify_since(settings, run_id, show_values=show_values, sink=sink)
        return output.emit(document, changes, as_json=as_json)
    if role is not None:
        from pgraduate.cli.verify_role import text as rights
        from pgraduate.journey.role import verify_role

        return output.emit(verify_role(settings, role, run_id, sink=sink), rights, as_json=as_json)
    from pgraduate.cli.run import text
    from pgraduate.journey.stages import verify_run

    document = verify_run(settings, run_id, show_values=show_values, sink=sink)
    return output.emit(document, text, as_json=as_json)
