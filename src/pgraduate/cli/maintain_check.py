"""What `maintain check` tells people: the findings, the worst first, then what could not be seen."""

from __future__ import annotations

from typing import Any

from pgraduate.cli import output

_ORDER = ("error", "warning", "notice", "info")


def text(document: dict[str, Any]) -> str:
    examined = document["examined"]
    looked = sum(item["outcome"] != "not examined" for item in examined)
    count = len(document["findings"])
    headline = f"{count} findings" if count else "nothing wrong was found"
    lines = [output.title(f"{headline}; {looked} of {len(examined)} checks could look", good=document["good"])]
    for finding in sorted(document["findings"], key=lambda item: _ORDER.index(item["severity"])):
        lines += ["", f"{finding['severity'].upper()}  {finding['where']}", f"  {finding['what']}"]
        lines.append(f"  why:   {finding['why']}")
        if finding["command"]:
            lines.append("  run:   " + finding["command"].replace("\n", "\n         "))
        lines.append(f"  risk:  {finding['risk']}")
    lines += ["", "examined:"]
    rows = [(item["check"], item["outcome"], _sample(item)) for item in examined]
    lines += ["  " + line for line in output.columns(rows).splitlines()]
    blind = [f"  {item['check']}: {text}" for item in examined for text in item["blind"]]
    if blind:
        lines += ["", "not seen from here:", *blind]
    return "\n".join(lines)


def _sample(item: dict[str, Any]) -> str:
    return item["skipped"] or f"{item['examined']:,} {item['of']}"
