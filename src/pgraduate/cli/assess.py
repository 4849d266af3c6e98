"""`pgraduate assess`: what would move, and what needs a decision."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pgraduate.cli import options, output, sinks
from pgraduate.model.figure import render


@click.command("assess", short_help="Say what would move and what needs a decision.")
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@options.shaping
@options.project
@options.quiet
@options.as_json
def command(
    sources: tuple[Path, ...],
    policy: str | None,
    identifiers: str | None,
    target_schema: str | None,
    project: Path | None,
    quiet: bool,
    as_json: bool,
    **selection: tuple[str, ...],
) -> int:
    """Say what would move, what would change its type, and what needs a decision. Nothing is written.

    \b
    Examples:
      pgraduate assess app.db
      pgraduate assess app.db --policy faithful --json
    """
    from pgraduate.journey.stages import assess_sources

    settings = options.settings(project, None, policy, identifiers, target_schema, **selection)
    return output.emit(assess_sources(sources, settings, sink=sinks.choose(quiet=quiet)), text, as_json=as_json)


def text(document: dict[str, Any]) -> str:
    return "\n\n".join(_source(source) for source in document["sources"])


def _source(source: dict[str, Any]) -> str:
    lines = [
        f"{source['path']}: {render(source['bytes'] + source['wal_bytes'], 'bytes')}, {source['rows']:,} rows in "
        f"{source['tables']} tables, {source['indexes']} indexes, {source['views']} views, "
        f"{source['triggers']} triggers; becomes schema {source['schema']}",
    ]
    behind = [item for item in source["objects"] if item["outcome"] == "not_carried"]
    if behind:
        lines.append("not carried:")
        lines += [f"  {item['kind']} {item['name']}: {item['reason']}" for item in behind]
    if source["decisions"]:
        lines.append("decisions:")
        lines += [
            f"  {decision['id']}: {decision['question']} "
            + (f"[{decision['answer']}, {decision['answered_by']}]" if decision["answer"] else "[open]")
            for decision in source["decisions"]
        ]
    worth = [finding for finding in source["findings"] if finding["severity"] != "info"]
    if worth:
        lines.append("findings:")
        lines += [f"  {finding['where']}: {finding['what']}" for finding in worth]
    return "\n".join(lines)
