"""`pgraduate assess`: what would move, and what needs a decision."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pgraduate.cli import options, output, sinks
from pgraduate.model.figure import NOT_MEASURED, render
from pgraduate.model.wording import counted, visible


@click.command("assess", short_help="Say what would move and what needs a decision.")
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@click.option(
    "--html",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the assessment as a self-contained page here.",
)
@options.shaping
@options.target
@options.project
@options.quiet
@options.as_json
def command(
    sources: tuple[Path, ...],
    policy: str | None,
    identifiers: str | None,
    target_schema: str | None,
    target: str | None,
    page: Path | None,
    project: Path | None,
    quiet: bool,
    as_json: bool,
    **selection: tuple[str, ...],
) -> int:
    """Say what would move, what would change its type, what needs a decision, and what it would take.

    Without --to nothing is written anywhere. With it, a sample is loaded into a scratch schema of that target,
    measured and removed again: that is where disk, time and WAL come from.

    \b
    Examples:
      pgraduate assess app.db
      pgraduate assess app.db --to env --html assessment.html
      pgraduate assess app.db --policy faithful --json
    """
    from pgraduate.journey.assessing import assess_sources

    settings = options.settings(project, target, policy, identifiers, target_schema, **selection)
    document = assess_sources(
        sources, settings, measure=target is not None, page=page, sink=sinks.choose(quiet=quiet)
    )
    return output.emit(document, text, as_json=as_json)


def text(document: dict[str, Any]) -> str:
    return "\n\n".join(_source(source) for source in document["sources"])


def _source(source: dict[str, Any]) -> str:
    lines = [
        f"{visible(source['path'])}: {render(source['bytes'] + source['wal_bytes'], 'bytes')}, "
        f"{counted(source['rows'], 'row')} in {counted(source['tables'], 'table')}, "
        f"{counted(source['indexes'], 'index')}, {counted(source['views'], 'view')}, "
        f"{counted(source['triggers'], 'trigger')}; becomes schema {visible(source['schema'])}",
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
    lines += _assessment(source["assessment"])
    worth = [finding for finding in source["findings"] if finding["severity"] != "info"]
    if worth:
        lines.append("findings:")
        lines += [f"  {finding['where']}: {finding['what']}" for finding in worth]
    return "\n".join(lines)


def _assessment(assessed: dict[str, Any]) -> list[str]:
    """Say what it takes, and what has to be known before."""
    needs, effort = assessed["needs"], assessed["effort"]
    lines = ["what it takes:"]
    lines += [
        f"  {figure['name']}: {_figure(figure)}" for figure in (needs["disk"], needs["seconds"], needs["wal"])
    ]
    lines.append(f"  basis: {needs['basis']}")
    lines.append(f"  person-hours: {_figure(effort['hours'])} ({effort['basis']})")
    lines += [
        f"    {_figure(line['count'])} {line['what']}, {_figure(line['minutes'])} minutes each"
        for line in effort["lines"]
    ]
    titles = {
        "widened": "widened columns",
        "quarantined": "columns with cells in quarantine",
        "limits": "limits that later writes will meet",
        "refused_writes": "writes that would now fail",
        "not_enforced": "foreign keys",
    }
    for key, title in titles.items():
        if assessed[key]:
            lines.append(f"{title}:")
            lines += [f"  {point['where']}: {point['what']}" for point in assessed[key]]
    return lines


def _figure(figure: dict[str, Any]) -> str:
    return NOT_MEASURED if figure["value"] is None else render(figure["value"], figure["unit"])
