"""`pgraduate verify`: compare a run again, and ask what has become of it since."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from pgraduate.cli import options, output, sinks
from pgraduate.errors import UsageError


@click.command("verify", short_help="Compare a run's target with its sealed source again.")
@click.argument("run_id", required=False)
@options.target
@options.show_values
@click.option("--quarantine", is_flag=True, help="Instead list the cells in quarantine, by their rows' keys.")
@click.option(
    "--restore",
    multiple=True,
    metavar="TABLE.COLUMN=BYTEA_COLUMN",
    help="With --quarantine: write the cells of a column into another one of its table.",
)
@click.option(
    "--take-back",
    multiple=True,
    metavar="TABLE.COLUMN=BYTEA_COLUMN",
    help="With --quarantine: take a restore back.",
)
@click.option("--since", is_flag=True, help="Instead say what the live source changed after it was sealed.")
@click.option("--as", "role", metavar="ROLE", help="Instead prove what a role can do with the run's tables.")
@options.project
@options.quiet
@options.as_json
def command(
    run_id: str | None,
    target: str | None,
    show_values: bool,
    quarantine: bool,
    restore: tuple[str, ...],
    take_back: tuple[str, ...],
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
      pgraduate verify --quarantine
      pgraduate verify --quarantine --restore note.body=body_bytes
      pgraduate verify --since
      pgraduate verify --as app
    """
    settings, sink = options.settings(project, target), sinks.choose(quiet=quiet)
    _require_one_question(quarantine, restore, take_back, since, role)
    _require_run(run_id)
    if quarantine:
        from pgraduate.cli import verify_quarantine as show
        from pgraduate.journey import quarantine as ask

        if restore or take_back:
            document = ask.restore_quarantine(
                settings, restore or take_back, run_id, take_back=bool(take_back), sink=sink
            )
            return output.emit(document, show.restored, as_json=as_json)
        document = ask.verify_quarantine(settings, run_id, show_values=show_values, sink=sink)
        return output.emit(document, show.text, as_json=as_json)
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
    return output.emit(document, partial(text, named=target), as_json=as_json)


def _require_run(run_id: str | None) -> None:
    """Tell apart a run and a file, which most other verbs take."""
    if run_id is not None and Path(run_id).is_file():
        raise UsageError(
            f"verify takes a run, and {run_id} is a file",
            hint="`pgraduate verify` compares the last run of its target; `pgraduate status` lists all",
        )


def _require_one_question(
    quarantine: bool, restore: tuple[str, ...], take_back: tuple[str, ...], since: bool, role: str | None
) -> None:
    if sum((quarantine, since, role is not None)) > 1:
        raise UsageError("--quarantine, --since and --as are three questions", hint="ask them one after the other")
    if (restore or take_back) and not quarantine:
        raise UsageError(
            "--restore and --take-back need --quarantine", hint="pgraduate verify --quarantine --restore …"
        )
    if restore and take_back:
        raise UsageError("--restore and --take-back undo each other", hint="one after the other")
