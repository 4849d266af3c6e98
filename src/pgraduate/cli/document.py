"""`pgraduate document`: the project's documents, from the journal."""

from __future__ import annotations

from typing import Any

import click

from pgraduate.cli import options


@click.command("document", short_help="Write the project's documents from the journal.")
@click.argument("run_id", required=False)
@options.on_target
def command(call: options.Call, run_id: str | None) -> int:
    """Write a Database section into README.md and the pages of migration/, from what the journal holds.

    \b
    Examples:
      pgraduate document
      pgraduate undo document
    """
    from pgraduate.journey.documenting import document_project

    document = document_project(call.settings(), run_id, sink=call.sink())
    return call.emit(document, text)


def text(document: dict[str, Any]) -> str:
    written, unchanged = document["written"], document["unchanged"]
    lines = [f"written    {name}" for name in written]
    if unchanged:
        lines.append("unchanged  " + ("everything" if not written else ", ".join(unchanged)))
    if document["not_executed"]:
        lines += ["", "not executed here, so not written down (`pgraduate finish` executes them):"]
        lines += [f"  {item['purpose']}: {item['text'].splitlines()[-1]}" for item in document["not_executed"]]
    if document["obstacles"]:
        lines += ["", "not ready for production:", *(f"  {sentence}" for sentence in document["obstacles"])]
    return "\n".join(lines)
