"""What `maintain schedule` tells people."""

from __future__ import annotations

from typing import Any

from pgraduate.cli import output


def text(document: dict[str, Any]) -> str:
    state = "installed" if document["installed"] else "not installed"
    lines = [
        output.title(f"{document['form']}: {state}", good=document["installed"] or document["action"] == "remove")
    ]
    lines += [f"  {job['name']}, {job['when']}; log {job['log']}" for job in document["jobs"]]
    lines += [f"  {'there' if file['present'] else 'not there'}  {file['path']}" for file in document["files"]]
    if document["next"]:
        lines += ["", "now run:", *(f"  {line}" for line in document["next"])]
    return "\n".join(lines)
