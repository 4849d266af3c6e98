"""`pgraduate tune tables`: autovacuum and fillfactor per table, from measured churn."""

from __future__ import annotations

from typing import Any

import click

from pgraduate.cli import options


@click.group("tables")
def command() -> None:
    """Choose autovacuum and fillfactor for the tables that are written most, set them, take them back.

    \b
    Example:
      pgraduate tune tables plan
    """


@command.command("plan")
@options.on_target
def plan(call: options.Call) -> int:
    """Propose parameters for tables by what the server counted of their writes; change nothing.

    \b
    Example:
      pgraduate tune tables plan --to env
    """
    from pgraduate.journey.tune_tables import plan_tables

    document = plan_tables(call.settings(), sink=call.sink())
    return call.emit(document, planned)


@command.command("apply")
@options.on_target
def apply(call: options.Call) -> int:
    """Set the planned parameters; reads and writes of the tables go on meanwhile.

    \b
    Example:
      pgraduate tune tables apply
    """
    from pgraduate.journey.tune_tables import apply_tables

    document = apply_tables(call.settings(), sink=call.sink())
    return call.emit(document, applied)


@command.command("undo")
@options.on_target
def undo(call: options.Call) -> int:
    """Give the tables the parameters back that they had before `apply`, in the same order.

    \b
    Example:
      pgraduate tune tables undo
    """
    from pgraduate.journey.tune_tables import undo_tables

    document = undo_tables(call.settings(), sink=call.sink())
    return call.emit(document, undone)


def planned(document: dict[str, Any]) -> str:
    since = f" since {document['since']}" if document["since"] else ", whose counters were never reset"
    lines = [f"{document['examined']} tables examined{since}"]
    for item in document["tables"]:
        lines += ["", f"{item['statement']};"]
        for reason in item["reasons"]:
            lines += [f"    {reason['option']} = {reason['value']}: {reason['why']}; source: {reason['source']}"]
    if not document["tables"]:
        lines += ["", "no table was seen to need parameters of its own"]
    return "\n".join([*lines, "", f"plan: {document['plan']}", "set them: pgraduate tune tables apply"])


def applied(document: dict[str, Any]) -> str:
    lines = [f"altered  {name}" for name in document["altered"]] or ["nothing to change"]
    return "\n".join([*lines, "take it back: pgraduate tune tables undo"])


def undone(document: dict[str, Any]) -> str:
    return "\n".join(f"taken back  {name}" for name in document["removed"]) or "nothing to take back"
