"""`pgraduate maintain`: look for what is wrong, renew what is worn, prove the backup."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from pgraduate.cli import options, output, sinks
from pgraduate.cli.maintain_retention import retention


@click.group("maintain", short_help="Look after the server, and prove that its backup restores.")
def command() -> None:
    """Look after the server, and prove that its backup restores.

    \b
    Examples:
      pgraduate maintain check
      pgraduate maintain run --window 22:00-05:30
      pgraduate maintain backup
    """


@command.command("check")
@click.option("--only", "names", multiple=True, metavar="CHECK", help="Only this check; may be repeated.")
@click.option("--amcheck", is_flag=True, help="Also read every B-tree index for damage, which takes its time.")
@click.option(
    "--metrics-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write Prometheus text, for the textfile collector.",
)
@options.on_target
def check(call: options.Call, names: tuple[str, ...], amcheck: bool, metrics_file: Path | None) -> int:
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
        call.settings(),
        names or None,
        amcheck=amcheck,
        metrics_file=metrics_file,
        sink=call.sink(),
    )
    return call.emit(document, text)


@command.command("run")
@click.option("--window", metavar="HH:MM-HH:MM", help="Begin a task only between these times.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@options.on_target
def run(call: options.Call, window: str | None, dry_run: bool) -> int:
    """Vacuum, analyze and rebuild what measurements name; reads and writes go on.

    Exit code 1 means that a task failed, 3 that one was left for later.

    \b
    Examples:
      pgraduate maintain run --dry-run
      pgraduate maintain run --window 22:00-05:30
    """
    from pgraduate.cli.maintain_run import text
    from pgraduate.journey.maintaining import maintain_server

    document = maintain_server(call.settings(), window=window, dry_run=dry_run, sink=call.sink())
    return call.emit(document, text)


_shelf = click.option(
    "--dir",
    "shelf",
    type=click.Path(file_okay=False, path_type=Path),
    help="The directory of the backups (default: .pgraduate/backups).",
)


@command.command("backup")
@_shelf
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="Dump in parallel, in the directory format.")
@click.option("--encrypt", metavar="TOOL:RECIPIENT", help="Encrypt with age or gpg.")
@click.option("--keep", type=click.IntRange(1), help="How many backups stay (default: [maintain] keep_backups, 7).")
@options.on_target
def backup(call: options.Call, shelf: Path | None, jobs: int, encrypt: str | None, keep: int | None) -> int:
    """Dump the database of the target, with the digests of its tables from the same moment.

    \b
    Examples:
      pgraduate maintain backup
      pgraduate maintain backup --to env --dir /srv/backups --encrypt age:age1…
    """
    from pgraduate.cli.maintain_backup import backed_up
    from pgraduate.journey.backups import back_up_target

    document = back_up_target(call.settings(), into=shelf, jobs=jobs, encrypt=encrypt, keep=keep, sink=call.sink())
    return call.emit(document, backed_up)


@command.command("restore-drill")
@click.argument("name", required=False)
@_shelf
@click.option("--into", metavar="CONNINFO", help="Restore into this empty database and leave it there.")
@click.option(
    "--identity",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="age's key file, to open a backup that age encrypted.",
)
@options.project
@options.quiet
@options.as_json
def restore_drill(
    name: str | None,
    shelf: Path | None,
    into: str | None,
    identity: Path | None,
    project: Path | None,
    quiet: bool,
    as_json: bool,
) -> int:
    """Restore a backup, by default the newest, into a private server, and compare every table with its digest.

    The server that it came from is not asked. Exit code 4 means damaged or different, 3 that it cannot be proven here.

    \b
    Examples:
      pgraduate maintain restore-drill
      pgraduate maintain restore-drill --into 'host=/run/postgresql dbname=restored'
    """
    from pgraduate.cli.maintain_backup import drilled
    from pgraduate.journey.backups import drill_backup

    document = drill_backup(
        options.settings(project),
        name,
        from_directory=shelf,
        restore_into=into,
        identity=identity,
        sink=sinks.choose(quiet=quiet),
    )
    return output.emit(document, drilled, as_json=as_json)


@command.group("schedule")
def schedule() -> None:
    """Have the machine do it regularly: run, backup and retention every night, a drill every week, a check every morning.

    \b
    Examples:
      pgraduate maintain schedule install --on-failure 'mail -s "$PGRADUATE_JOB failed" ops <"$PGRADUATE_LOG"'
      pgraduate maintain schedule remove
    """


_form = click.option("--form", type=click.Choice(["systemd", "cron"]), help="Default: whichever is here.")
_units = click.option(
    "--dir",
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where units or cron files go (default: the system's own directory).",
)


@schedule.command("install")
@_form
@_units
@click.option("--on-failure", metavar="COMMAND", help="A shell command to call when a job fails.")
@click.option(
    "--metrics-file", type=click.Path(dir_okay=False, path_type=Path), help="Prometheus text of each check."
)
@click.option("--service", metavar="NAME", help="Call pgraduate in this service of docker compose (exec -T).")
@click.option("--compose-file", type=click.Path(dir_okay=False, path_type=Path), help="With --service: its file.")
@options.on_target
def install(
    call: options.Call,
    form: Literal["systemd", "cron"] | None,
    directory: Path | None,
    on_failure: str | None,
    metrics_file: Path | None,
    service: str | None,
    compose_file: Path | None,
) -> int:
    """Write the scripts and the timers or cron lines that call them; a second install changes nothing.

    \b
    Examples:
      pgraduate maintain schedule install
      pgraduate maintain schedule install --to service=app --form cron
    """
    from pgraduate.cli.maintain_schedule import text
    from pgraduate.journey.scheduling import schedule as act

    document = act(
        call.settings(),
        "install",
        form=form,
        directory=directory,
        on_failure=on_failure,
        metrics_file=metrics_file,
        service=service,
        compose_file=compose_file,
        sink=call.sink(),
    )
    return call.emit(document, text)


@schedule.command("show")
@_form
@_units
@options.project
@options.as_json
def show(
    form: Literal["systemd", "cron"] | None, directory: Path | None, project: Path | None, as_json: bool
) -> int:
    """Show what is scheduled, and which of its files stand there.

    \b
    Example:
      pgraduate maintain schedule show
    """
    from pgraduate.cli.maintain_schedule import text
    from pgraduate.journey.scheduling import schedule as act

    return output.emit(
        act(options.settings(project), "show", form=form, directory=directory), text, as_json=as_json
    )


@schedule.command("remove")
@_form
@_units
@options.project
@options.quiet
@options.as_json
def remove(
    form: Literal["systemd", "cron"] | None,
    directory: Path | None,
    project: Path | None,
    quiet: bool,
    as_json: bool,
) -> int:
    """Remove the files that install wrote; the logs stay.

    \b
    Example:
      pgraduate maintain schedule remove
    """
    from pgraduate.cli.maintain_schedule import text
    from pgraduate.journey.scheduling import schedule as act

    settings, sink = options.settings(project), sinks.choose(quiet=quiet)
    return output.emit(act(settings, "remove", form=form, directory=directory, sink=sink), text, as_json=as_json)


command.add_command(retention)
