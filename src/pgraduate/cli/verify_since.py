"""How `pgraduate verify --since` looks: what the live source changed, first counted, then named."""

from __future__ import annotations

from typing import Any

from pgraduate.cli import output


def text(document: dict[str, Any]) -> str:
    changed = document["changed"]
    head = (
        "the source has changed since it was sealed"
        if changed
        else "nothing has changed since the source was sealed"
    )
    lines = [output.title(head, good=not changed)]
    for source in document["sources"]:
        lines += ["", f"source   {source['path']}", *_tables(source), *_differences(source)]
        lines += [f"{item['kind']} {item['name']}: {item['change']}" for item in source["objects"]]
    return "\n".join(lines)


def _tables(source: dict[str, Any]) -> list[str]:
    if not source["tables"]:
        return []
    head = ("table", "rows then", "rows now", "inserted", "deleted", "changed")
    counts = ("rows_before", "rows_after", "inserted", "deleted", "changed")
    rows = [(table["table"], *(f"{table[name]:,}" for name in counts)) for table in source["tables"]]
    return [output.columns([head, *rows], right=frozenset({1, 2, 3, 4, 5})), ""]


def _differences(source: dict[str, Any]) -> list[str]:
    return [
        f"{table['table']} {item['key']}: {item['kind']}"
        + (f" in {', '.join(item['columns'])}" if item["kind"] == "changed" else "")
        + output.both_sides(item["before"], item["after"])
        for table in source["tables"]
        for item in table["differences"]
    ]
