"""`pgraduate tune settings`: values with formula, reason and source; applied after a test boot, taken back whole."""

from __future__ import annotations

from typing import Any

import click

from pgraduate.cli import options
from pgraduate.cli.tune_sizes import size
from pgraduate.model.figure import render
from pgraduate.model.wording import counted


@click.group("settings")
def command() -> None:
    """Choose settings for the machine, try them on a copy, alter the system, take it back.

    \b
    Example:
      pgraduate tune settings plan
    """


@command.command("plan")
@click.option(
    "--memory", metavar="SIZE", help="The memory that the server may use, such as 8GB (default: measured)."
)
@click.option("--cores", type=click.IntRange(min=1), help="Its processors (default: counted).")
@click.option("--no-statistics", is_flag=True, help="Do not propose to load pg_stat_statements.")
@options.on_target
def plan(call: options.Call, memory: str | None, cores: int | None, no_statistics: bool) -> int:
    """Propose settings, each with formula, reason and source, and boot an empty copy with them; change nothing.

    \b
    Examples:
      pgraduate tune settings plan
      pgraduate tune settings plan --to env --memory 8GB --cores 4
    """
    from pgraduate.journey.tune_settings import plan_settings

    document = plan_settings(
        call.settings(),
        memory=size(memory) if memory else None,
        cores=cores,
        statistics=not no_statistics,
        sink=call.sink(),
    )
    return call.emit(document, planned)


@command.command("apply")
@click.option("--restart", is_flag=True, help="Restart the embedded server, so that all of it takes effect now.")
@options.on_target
def apply(call: options.Call, restart: bool) -> int:
    """Alter the system by the plan, after a test boot; list what waits for a restart.

    \b
    Example:
      pgraduate tune settings apply --restart
    """
    from pgraduate.journey.tune_settings import apply_settings

    document = apply_settings(call.settings(), restart=restart, sink=call.sink())
    return call.emit(document, applied)


@command.command("undo")
@options.on_target
def undo(call: options.Call) -> int:
    """Give postgresql.auto.conf back, byte for byte, as it was before `apply`.

    \b
    Example:
      pgraduate tune settings undo
    """
    from pgraduate.journey.tune_settings import undo_settings

    document = undo_settings(call.settings(), sink=call.sink())
    return call.emit(document, undone)


def planned(document: dict[str, Any]) -> str:
    machine = document["machine"]
    disk = machine["disk"] or "not measured"
    lines = [
        f"memory {render(machine['memory'], 'bytes')}, of which the server may use {100 * machine['share']:.0f} %; "
        f"{counted(machine['cores'], 'processor')}; disk {disk}; data {render(machine['data'], 'bytes')}"
    ]
    for item in document["settings"]:
        waits = ", after a restart" if item["needs_restart"] else ""
        lines += [
            "",
            f"{item['name']} = {item['value']}   (now {item['before']}{waits})",
            f"    {item['reason']}",
            f"    by: {item['formula']}; source: {item['source']}",
        ]
    if not document["settings"]:
        lines += ["", "nothing to change"]
    lines += [
        "",
        "an empty server started with them" if document["booted"] else "not booted: an estimate is not a proof",
    ]
    lines += _pending(document)
    if not document["booted"] and document["settings"]:
        place = document["provider"] or "another machine"
        lines += ["", f"the server is on {place}: put these into its parameter group, or into its postgresql.conf"]
        lines += [
            f"    {item['ParameterName']} = {item['ParameterValue']}   ({item['ApplyMethod']})"
            for item in document["parameter_group"]
        ]
        return "\n".join([*lines, f"plan: {document['plan']}"])
    return "\n".join([*lines, f"plan: {document['plan']}", "apply it: pgraduate tune settings apply"])


def applied(document: dict[str, Any]) -> str:
    lines = [f"altered  {name}" for name in document["altered"]] or ["nothing to change"]
    lines += _pending(document)
    return "\n".join([*lines, "take it back: pgraduate tune settings undo"])


def undone(document: dict[str, Any]) -> str:
    return "\n".join(f"taken back  {name}" for name in document["removed"]) or "nothing to take back"


def _pending(document: dict[str, Any]) -> list[str]:
    names = document["pending_restart"]
    return [f"waiting for a restart: {', '.join(names)}"] if names else []
