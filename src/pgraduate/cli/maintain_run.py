"""What `maintain run` tells people: each task with how it ended, and what was left."""

from __future__ import annotations

from typing import Any

from pgraduate.cli import output
from pgraduate.model.figure import render
from pgraduate.model.wording import counted


def text(document: dict[str, Any]) -> str:
    lines = [output.title(_headline(document), good=document["exit_code"] == 0)]
    lines += [f"  would run  {item['statement']}  ({item['reason']})" for item in document["planned"]]
    for item in document["done"]:
        line = f"  {item['outcome']:<7}  {item['statement']}  in {render(item['seconds'], 'seconds')}"
        if item["bytes_after"] is not None:
            line += f", {render(item['bytes_before'], 'bytes')} became {render(item['bytes_after'], 'bytes')}"
        lines.append(line + (f": {item['why']}" if item["why"] else ""))
    for item in document["left"]:
        lines.append(f"  left     {item['where']}: {item['what']} ({item['reason']})")
    for item in document["not_examined"]:
        lines.append(f"  not examined  {item['check']}: {item['why']}")
    return "\n".join(lines)


def _headline(document: dict[str, Any]) -> str:
    if document["planned"]:
        return f"{counted(len(document['planned']), 'task')} would be done"
    outcomes = [item["outcome"] for item in document["done"]]
    failed = outcomes.count("failed")
    if failed:
        return f"{failed} of {counted(len(outcomes), 'task')} failed"
    if outcomes:
        return f"{outcomes.count('done')} of {counted(len(outcomes), 'task')} done"
    return "nothing had to be done"
