"""`pgraduate doctor`: one command for trouble."""

from __future__ import annotations

from typing import Any

import click

from pgraduate.cli import options, output
from pgraduate.model.figure import Figure


@click.command("doctor", short_help="Say what is wrong, what changed, and what to do in which order.")
@click.argument("symptoms", nargs=-1, metavar="[performance|disk|connections]...")
@click.option("--run", "run_id", metavar="ID", help="The run whose snapshots to compare with (default: the last).")
@options.on_target
def command(call: options.Call, symptoms: tuple[str, ...], run_id: str | None) -> int:
    """Look at the server, compare it with its last good snapshot, and give the next steps, the safest first.

    \b
    Examples:
      pgraduate doctor
      pgraduate doctor performance
      pgraduate doctor disk connections --json
    """
    from pgraduate.journey.doctoring import examine

    document = examine(call.settings(), symptoms, run_id, sink=call.sink())
    return call.emit(document, text)


def text(document: dict[str, Any]) -> str:
    """Say everything of a symptom that shows trouble or was asked for by itself; of the others only what was measured."""
    alone = len(document["diagnoses"]) == 1
    return "\n\n".join(
        _diagnosis(item) if alone or item["troubled"] else _calm(item) for item in document["diagnoses"]
    )


def _calm(item: dict[str, Any]) -> str:
    more = (
        f"nothing was found; pgraduate doctor {item['symptom']} says where to look, and what is not seen from here"
    )
    return "\n".join([*_measured(item), "", f"  {more}"])


def _measured(item: dict[str, Any]) -> list[str]:
    lines = [output.title(item["symptom"], good=not item["troubled"]), item["sentence"]]
    if item["figures"]:
        rows = [(figure["name"], _shown(figure)) for figure in item["figures"]]
        lines += ["", *(f"  {line}" for line in output.columns(rows, right=frozenset({1})).splitlines())]
    return lines


def _diagnosis(item: dict[str, Any]) -> str:
    lines = _measured(item)
    if item["changes"]:
        lines += ["", "changed:"]
        lines += [f"  {one['what']}: {_shown(one['before'])} → {_shown(one['after'])}" for one in item["changes"]]
    if item["findings"]:
        lines += ["", "found:"]
        lines += [f"  {one['severity']}: {one['where']}: {one['what']} ({one['why']})" for one in item["findings"]]
    if item["steps"]:
        lines += ["", "next, in this order:"]
        for number, step in enumerate(item["steps"], start=1):
            lines.append(f"  {number}. {step['what']}")
            lines += [f"       {line}" for line in step["command"].splitlines()]
            lines.append(f"       risk: {step['risk']}")
    if item["never"]:
        lines += ["", *(f"  {sentence}" for sentence in item["never"])]
    if item["blind"]:
        lines += ["", "not seen from here:", *(f"  {line}" for line in dict.fromkeys(item["blind"]))]
    return "\n".join(lines)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return str(Figure(value["name"], value["value"], value["unit"], value["step"]))
    return str(value)
