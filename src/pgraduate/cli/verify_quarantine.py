"""How `pgraduate verify --quarantine` looks: the columns counted, then the cells by their rows' keys."""

from __future__ import annotations

import shlex
from typing import Any

from pgraduate.cli import output
from pgraduate.model.figure import render
from pgraduate.model.wording import counted

SHOWN = 200
"""Characters of a cell's bytes that are shown; `--json` has them all."""


def text(document: dict[str, Any]) -> str:
    if not document["columns"]:
        return "nothing is in quarantine"
    head = ("column", "cells", "size", "restored")
    rows = [
        (_name(item), f"{item['cells']:,}", render(item["bytes"], "bytes"), f"{item['restored']:,}")
        for item in document["columns"]
    ]
    lines = [output.columns([head, *rows], right=frozenset({1, 2, 3})), ""]
    for cell in document["cells"]:
        copies = f", {cell['copies']} times" if cell["copies"] > 1 else ""
        size = render(cell["bytes"], "bytes")
        lines.append(f"{_name(cell)} {_key(cell)}: {cell['class']} of {size}{copies}, {cell['reason']}")
        if cell["escaped"] is not None:
            shown = cell["escaped"]
            lines.append("  " + (shown if len(shown) <= SHOWN else shown[: SHOWN - 1] + "…"))
    listed = sum(cell["copies"] for cell in document["cells"])
    kept = sum(item["cells"] for item in document["columns"])
    if listed < kept:
        lines.append(f"and {kept - listed:,} more; the table pgraduate.quarantine holds them all")
    if kept:
        example = f"{document['cells'][0]['table']}.{document['cells'][0]['column']}"
        into = f"{document['cells'][0]['column']}_bytes"
        lines.append(f"give back  pgraduate verify --quarantine --restore {shlex.quote(f'{example}={into}')}")
    return "\n".join(lines)


def restored(document: dict[str, Any]) -> str:
    back = document["command"] == "verify take-back"
    lines = []
    for item in document["moved"]:
        way = "returned to quarantine from" if back else "restored into"
        lines.append(f"{_name(item)}: {counted(item['cells'], 'cell')} {way} {item['into']}")
        lines += [f"  {_key(left)} stays in quarantine: {left['why']}" for left in item["left"]]
    return "\n".join(lines)


def _name(item: dict[str, Any]) -> str:
    return f"{item['schema']}.{item['table']}.{item['column']}"


def _key(item: dict[str, Any]) -> str:
    if item["key"]:
        return ", ".join(f"{name}={value}" for name, value in item["key"].items())
    return f"rowid={item['rowid']}"
