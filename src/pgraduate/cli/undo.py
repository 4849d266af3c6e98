"""`pgraduate undo`: take a run back."""

from __future__ import annotations

from typing import Any

import click

from pgraduate.cli import options


@click.command("undo", short_help="Take a step or a run back; the catalog is then as it was.")
@click.argument("what", metavar="[RUN|STEP]", required=False)
@options.on_target
def command(call: options.Call, what: str | None) -> int:
    """Take a run back, by default the target's last one, or one step of it: its operations in reverse order.

    A step is named as the report names it, tune-2; a verb's name means its last step that still stands. Refused
    (exit code 5) where rows written since would be lost.

    \b
    Examples:
      pgraduate undo
      pgraduate undo restore-1
      pgraduate undo 20260102-030405-678 --to env
    """
    from pgraduate.journey.undo import undo

    document = undo(call.settings(), what, sink=call.sink())
    return call.emit(document, text)


def text(document: dict[str, Any]) -> str:
    lines = [f"{document['step'] or 'run ' + document['run_id']} is taken back"]
    lines += [f"  {item['operation']}: {item['subject']}" for item in document["removed"]]
    return "\n".join(lines)
