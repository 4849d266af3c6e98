"""`pgraduate tune statements`: what takes the time, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pgraduate.cli import options
from pgraduate.model.figure import render
from pgraduate.model.wording import counted


@click.command("statements")
@click.option(
    "--workload",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Recorded statements or a server's log, instead of pg_stat_statements.",
)
@click.option(
    "--by",
    type=click.Choice(["total", "mean", "calls", "rows", "temp", "io", "wal"]),
    default="total",
    help="What they are sorted by (default: total time).",
)
@click.option("--top", type=click.IntRange(min=1), default=20, help="How many are shown (default: 20).")
@options.on_target
def command(call: options.Call, workload: Path | None, by: str, top: int) -> int:
    """List the statements that cost most since the last look, each with the reasons that its plan shows.

    \b
    Examples:
      pgraduate tune statements
      pgraduate tune statements --workload day.jsonl --by mean
    """
    from pgraduate.journey.tune_statements import tune_statements

    document = tune_statements(call.settings(), workload, by=by, top=top, sink=call.sink())
    return call.emit(document, text)


def text(document: dict[str, Any]) -> str:
    since = f" since {document['since']}" if document["since"] else ""
    lines = [
        f"{counted(document['seen'], 'kind')} of statements from {document['origin']}{since}, by {document['by']}"
    ]
    for item in document["statements"]:
        lines += ["", f"{item['id']}  {_counters(item)}", f"    {item['text'][:300]}"]
        for reason in item["reasons"]:
            lines += [f"    {reason['code']}: {reason['what']}", f"        try: {reason['hint']}"]
    return "\n".join(lines)


def _counters(item: dict[str, Any]) -> str:
    share = "" if item["share"] is None else f", {100 * item['share']:.1f} % of all,"
    parts = [
        f"{render(item['seconds'], 'seconds')}{share} in {counted(round(item['calls']), 'call')}",
        f"{render(item['mean_seconds'], 'seconds')} each",
        counted(round(item["rows"]), "row"),
    ]
    if item["temp_blocks"]:
        parts.append(f"{render(item['temp_blocks'] * 8192, 'bytes')} temporary")
    if item["wal_bytes"]:
        parts.append(f"{render(item['wal_bytes'], 'bytes')} WAL")
    return ", ".join(parts)
