"""`pgraduate run`: the whole journey of one or more databases."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from pgraduate.cli import options, output, sinks
from pgraduate.model.wording import counted, differ
from pgraduate.settings import FILE


@click.command("run", short_help="Carry SQLite databases into PostgreSQL and prove it.")
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@options.target
@options.shaping
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Connections that copy the rows of large tables (default: 1, or 2 on four processors and more).",
)
@click.option("--dry-run", is_flag=True, help="Plan and list the decisions; write nothing.")
@options.project
@options.quiet
@options.as_json
def command(
    sources: tuple[Path, ...],
    target: str | None,
    policy: str | None,
    identifiers: str | None,
    target_schema: str | None,
    jobs: int | None,
    dry_run: bool,
    project: Path | None,
    quiet: bool,
    as_json: bool,
    **selection: tuple[str, ...],
) -> int:
    """Carry SQLite databases into PostgreSQL, and compare every value.

    The source is sealed first and never written to. The same command goes on after an interruption.

    \b
    Examples:
      pgraduate run app.db
      pgraduate run app.db --to postgresql://app@db.example.org/app
      DATABASE_URL=... pgraduate run app.db jobs.db --to env --json
      pgraduate run app.db --exclude 'log_*' --filter "orders=created >= '2024-01-01'"
    """
    settings = options.settings(project, target, policy, identifiers, target_schema, **selection)
    if jobs is not None:
        settings = replace(settings, jobs=jobs)
    sink = sinks.choose(quiet=quiet)
    if dry_run:
        from pgraduate.cli.assess import text as assessment
        from pgraduate.journey.assessing import assess_sources

        return output.emit(assess_sources(sources, settings, sink=sink), assessment, as_json=as_json)
    from pgraduate.journey.walk import run

    return output.emit(run(sources, settings, sink=sink), partial(text, named=target), as_json=as_json)


def text(document: dict[str, Any], *, named: str | None = None) -> str:
    """Say the verdict first, then what keeps it from being perfect, then where to go from here.

    `named` is what `--to` said: a later command needs it again.
    """
    tables = document["tables"]
    rows = sum(table["rows_source"] for table in tables)
    cells = sum(table["cells"] for table in tables)
    differing = sum(table["differing"] for table in tables)
    verdict = document["verdict"]
    lines = [
        output.title(f"verdict: {verdict}", good=verdict == "equal"),
        f"{counted(rows, 'row')} in {counted(len(tables), 'table')} and {counted(cells, 'value')} compared; "
        f"{differ(differing)}",
        *_meanings(document),
        "",
        _tables(tables),
        "",
        *_differences(tables),
        *_why(document),
        f"report   {document['report']['html']}",
        f"connect  psql {shlex.quote(document['target']['conninfo'])}",
    ]
    label = document["target"]["label"]
    if label.startswith("embedded:"):
        directory = shlex.quote(label.partition(":")[2])
        lines.append(f"stop     pgraduate server stop --dir {directory}")
        lines.append(f"remove   pgraduate server remove --dir {directory} --yes")
    again = f" --to {shlex.quote(named)}" if named else ""
    lines.append(f"undo     pgraduate undo {document['run_id']}{again}")
    if named and document["command"] == "run":
        lines += [f"keep     in {FILE}, so that no later command needs --to:", "           [target]"]
        lines.append(f"           to = {json.dumps(named, ensure_ascii=False)}")
    return "\n".join(lines)


def _meanings(document: dict[str, Any]) -> list[str]:
    from pgraduate.journey.equality import Equality

    return [f"equal means for {Equality(**item)}" for item in document["equal_means"]]


def _tables(tables: list[dict[str, Any]]) -> str:
    head = ("table", "rows in SQLite", "rows in PostgreSQL", "values", "quarantined", "verdict")
    rows = [
        (
            f"{table['schema']}.{table['name']}",
            f"{table['rows_source']:,}",
            f"{table['rows_target']:,}",
            f"{table['cells']:,}",
            f"{table['quarantined']:,}",
            table["verdict"],
        )
        for table in tables
    ]
    return output.columns([head, *rows], right=frozenset({1, 2, 3, 4}))


def _differences(tables: list[dict[str, Any]]) -> list[str]:
    lines = []
    for table in tables:
        for difference in table["differences"]:
            where = f"{table['schema']}.{table['name']} {difference['key']}: {difference['kind']}"
            columns = ", ".join(difference["columns"]) if difference["kind"] == "changed" else ""
            values = output.both_sides(difference["source"], difference["target"])
            lines.append(where + (f" in {columns}" if columns else "") + values)
    return [*lines, ""] if lines else []


def _why(document: dict[str, Any]) -> list[str]:
    if not document["why"]:
        return []
    head = f"exit code {document['exit_code']}, because:"
    return [head, *(f"  {reason}" for reason in document["why"]), ""]
