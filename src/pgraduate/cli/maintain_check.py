"""What `maintain check` tells people: the findings, the worst first, then what could not be seen."""

from __future__ import annotations

import textwrap
from typing import Any

from pgraduate.cli import output
from pgraduate.model.wording import counted

_WIDTH = 100
_ORDER = ("error", "warning", "notice", "info")


def text(document: dict[str, Any]) -> str:
    examined = document["examined"]
    looked = sum(item["outcome"] != "not examined" for item in examined)
    count = len(document["findings"])
    headline = counted(count, "finding") if count else "nothing wrong was found"
    lines = [output.title(f"{headline}; {looked} of {len(examined)} checks could look", good=document["good"])]
    for finding in sorted(document["findings"], key=lambda item: _ORDER.index(item["severity"])):
        lines += ["", f"{finding['severity'].upper()}  {finding['where']}", f"  {finding['what']}"]
        lines.append(f"  why:   {finding['why']}")
        if finding["command"]:
            lines.append("  run:   " + finding["command"].replace("\n", "\n         "))
        lines.append(f"  risk:  {finding['risk']}")
    lines += ["", "examined:"]
    for outcome in dict.fromkeys(item["outcome"] for item in examined):
        lines += _wrapped(outcome, [_named(item) for item in examined if item["outcome"] == outcome])
    blind = [f"  {item['check']}: {text}" for item in examined for text in item["blind"]]
    if blind:
        lines += ["", "not seen from here:", *blind]
    return "\n".join(lines)


def _named(item: dict[str, Any]) -> str:
    return f"{item['check']}: {item['skipped']}" if item["skipped"] else item["check"]


def _wrapped(outcome: str, names: list[str]) -> list[str]:
    """Write the checks that ended alike: how many they are, and which."""
    head = f"  {len(names):>2} {outcome:<14} "
    separator = "; " if any(":" in name for name in names) else ", "
    return textwrap.wrap(separator.join(names), _WIDTH, initial_indent=head, subsequent_indent=" " * len(head))
