"""`pgraduate maintain`: look for what is wrong, renew what is worn, keep what is old elsewhere, prove the backup."""

from __future__ import annotations

from pathlib import Path

import click

from pgraduate.cli import options, output, sinks


@click.group("maintain", short_help="Look after the server, and prove that its backup restores.")
def command() -> None:
    """Look after the server, and prove that its backup restores.

    \b
    Examples:
      pgraduate maintain check
      pgraduate maintain run --window 22:00-05:30
    """


@command.command("check")
@click.option("--only", "names", multiple=True, metavar="CHECK", help="Only this check; may be repeated.")
@click.option("--amcheck", is_flag=True, help="Also read every B-tree index for damage, which takes its time.")
@click.option(
    "--metrics-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write Prometheus text, for the textfile collector.",
)
@options.target
@options.project
@options.quiet
@options.as_json
def check(
    names: tuple[str, ...],
    amcheck: bool,
    metrics_file: Path | None,
    target: str | None,
    project: Path | None,
    quiet: bool,
    as_json: bool,
) -> int:
    """Say what is wrong with the server, how bad it is, what to run and what that risks.

    Nothing is changed. Exit code 3 means that something above "notice" was found.

    \b
    Examples:
      pgraduate maintain check
      pgraduate maintain check --only index_bloat --only sequences
      pgraduate maintain check --metrics-file /var/lib/node_exporter/pgraduate.prom
    """
    from pgraduate.cli.maintain_check import text
    from pgraduate.journey.maintaining import check_server

    document = check_server(
        options.settings(project, target),
        names or None,
        amcheck=amcheck,
        metrics_file=metrics_file,
        sink=sinks.choose(quiet=quiet),
    )
    return output.emit(document, text, as_json=as_json)


@command.command("run")
@click.option("--window", metavar="HH:MM-HH:MM", help="Begin a task only between these times.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@options.target
@options.project
@options.quiet
@options.as_json
def run(
    window: str | None, dry_run: bool, target: str | None, project: Path | None, quiet: bool, as_json: bool
) -> int:
    """Vacuum, analyze and rebuild what measurements name; reads and writes go on.

    Exit code 1 means that a task failed, 3 that one was left for later.

    \b
    Examples:
      pgraduate maintain run --dry-run
      pgraduate maintain run --window 22:00-05:30
    """
    from pgraduate.cli.maintain_run import text
    from pgraduate.journey.maintaining import maintain_server

    settings, sink = options.settings(project, target), sinks.choose(quiet=quiet)
    document = maintain_server(settings, window=window, dry_run=dry_run, sink=sink)
    return output.emit(document, text, as_json=as_json)
