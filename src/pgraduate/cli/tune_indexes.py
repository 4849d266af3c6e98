"""`pgraduate tune indexes`: chosen for a workload, proven on a clone, built beside the application, taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pgraduate.cli import options, output
from pgraduate.cli.tune_sizes import size
from pgraduate.model.figure import render
from pgraduate.model.wording import counted

_WORKLOAD = click.option(
    "--workload",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Recorded statements or a server's log; without it pg_stat_statements is read.",
)
_run = click.option("--run", "run_id", metavar="ID", help="The run that it belongs to (default: the last one).")


@click.group("indexes")
def command() -> None:
    """Choose indexes for a workload, prove them on a clone, build them beside the working application.

    \b
    Example:
      pgraduate tune indexes plan --workload recorded.jsonl --budget 300MB
    """


@command.command("plan")
@_WORKLOAD
@click.option(
    "--budget", metavar="SIZE", help="The most that new indexes may take, such as 300MB (default: half the tables)."
)
@click.option(
    "--in-place", is_flag=True, help="Ask the target's own HypoPG instead of a clone; nothing is executed."
)
@_run
@options.on_target
def plan(call: options.Call, workload: Path | None, budget: str | None, in_place: bool, run_id: str | None) -> int:
    """Choose and prove indexes; write the plan, change nothing on the target.

    \b
    Examples:
      pgraduate tune indexes plan --workload recorded.jsonl
      pgraduate tune indexes plan --to env --budget 2GB
    """
    from pgraduate.journey.tune_index_plan import plan_indexes

    document = plan_indexes(
        call.settings(),
        workload,
        budget=size(budget) if budget else None,
        in_place=in_place,
        run_id=run_id,
        sink=call.sink(),
    )
    return call.emit(document, planned)


@command.command("apply")
@click.option("--no-measure", is_flag=True, help="Do not run the workload's reads before and after.")
@options.on_target
def apply(call: options.Call, no_measure: bool) -> int:
    """Build the planned indexes concurrently; one that makes a read slower is taken back (exit code 3).

    \b
    Example:
      pgraduate tune indexes apply --to env
    """
    from pgraduate.journey.tune_indexes import apply_indexes

    document = apply_indexes(call.settings(), measured=not no_measure, sink=call.sink())
    return call.emit(document, applied)


@command.command("check")
@options.on_target
def check(call: options.Call) -> int:
    """Look at the built indexes again, best after a day of use: valid, used, still faster? And which could go.

    \b
    Example:
      pgraduate tune indexes check
    """
    from pgraduate.journey.tune_indexes import check_indexes

    document = check_indexes(call.settings(), sink=call.sink())
    return call.emit(document, checked)


@command.command("drop")
@click.argument("names", nargs=-1, required=True, metavar="SCHEMA.INDEX...")
@click.option("--yes", is_flag=True, help="Yes, drop them.")
@options.on_target
def drop(call: options.Call, names: tuple[str, ...], yes: bool) -> int:
    """Drop indexes that `check` named, concurrently; `pgraduate undo` makes them again.

    \b
    Example:
      pgraduate tune indexes drop shop.idx_twice --yes
    """
    from pgraduate.errors import Refused
    from pgraduate.journey.tune_indexes import drop_indexes

    if not yes:
        raise Refused("this drops indexes", hint="say so with --yes")
    document = drop_indexes(call.settings(), names, sink=call.sink())
    return call.emit(document, dropped)


@command.command("undo")
@options.on_target
def undo(call: options.Call) -> int:
    """Drop, concurrently, every index that `apply` built.

    \b
    Example:
      pgraduate tune indexes undo
    """
    from pgraduate.journey.tune_indexes import undo_indexes

    document = undo_indexes(call.settings(), sink=call.sink())
    return call.emit(document, undone)


def planned(document: dict[str, Any]) -> str:
    estimate, proof = document["estimate"], document["proof"]
    lines = [
        f"{counted(document['workload']['statements'], 'kind')} of statements from {document['workload']['origin']}"
    ]
    for item in document["indexes"]:
        lines += ["", f"{item['statement']};", f"    {_cost(item)}"]
    if not document["indexes"]:
        lines += ["", "no index is worth its cost for this workload"]
    lines += ["", f"estimated cost: {_ratio(estimate['after'], estimate['before'])} of before"]
    if proof is None:
        lines.append("not executed: an estimate is not a proof")
    elif proof["verdict"]:
        verdict = proof["verdict"]
        lines.append(
            f"measured on a clone, {verdict['rounds']} interleaved rounds: "
            f"{render(verdict['before'], 'seconds')} before, {render(verdict['after'], 'seconds')} after "
            f"({verdict['ratio']:.2f}×)"
        )
    lines += _unknown(document)
    lines += [
        f"dropped after execution: {item['statement']}: {item['why']}" for item in (proof or {}).get("dropped", ())
    ]
    lines += [f"refused: {item['what']} on {item['table']}\n    why: {item['why']}\n    instead: {item['instead']}"
              for item in document["refusals"]]  # fmt: skip
    costly = [item for item in document["passed"] if "upkeep" in item["why"]]
    lines += [f"rejected: {item['statement']}: {item['why']}" for item in costly]
    left = len(document["passed"]) - len(costly)
    lines.append(f"looked at besides: {counted(left, 'candidate')}; --json gives the reason of each")
    lines += _superfluous(document)
    build = ["build it: pgraduate tune indexes apply"] if document["indexes"] else []
    return "\n".join([*lines, "", f"plan: {document['plan']}", *build])


def _unknown(document: dict[str, Any]) -> list[str]:
    """Say whose values were drawn, and what could not be executed."""
    lines, drawn = [], document["workload"]["drawn"]
    if drawn:
        lines.append(
            f"{counted(drawn, 'kind')} of statements known by their shape alone: executed with values of the tables' rows"
        )
    left = len((document["proof"] or {}).get("unmeasured", ()))
    if left:
        lines.append(
            f"{counted(left, 'kind')} of statements not executed: a recording or a log (--workload) has their values"
        )
    return lines


def applied(document: dict[str, Any]) -> str:
    lines = [f"built    {name}" for name in document["built"]]
    lines += [f"taken back  {item['name']}: {item['why']}" for item in document["taken_back"]]
    reads = document["reads"]
    if reads["statements"]:
        lines.append(
            f"reads of the workload: {render(reads['before'], 'seconds')} before, {render(reads['after'], 'seconds')} after"
        )
    else:
        lines.append("reads of the workload: not measured")
    return "\n".join([*lines, f"take it back: pgraduate undo {document['step']}"])


def checked(document: dict[str, Any]) -> str:
    rows = [
        [item["name"], "valid" if item["is_valid"] else "MISSING OR NOT VALID",
         "not counted" if item["scans"] is None else counted(item["scans"], "scan")]
        for item in document["indexes"]
    ]  # fmt: skip
    lines = [f"since {document['since'] or 'they were built'}", output.columns(rows)]
    lines += [f"slower than before: statement {read['id']}" for read in document["reads"] if read["slower"]]
    return "\n".join(lines + _superfluous(document))


def dropped(document: dict[str, Any]) -> str:
    lines = [f"dropped  {name}" for name in document["dropped"]]
    back = [f"    {statement};" for statement in document["undo"]]
    return "\n".join([*lines, f"take it back: pgraduate undo {document['step']}", *back])


def undone(document: dict[str, Any]) -> str:
    return "\n".join(f"dropped  {name}" for name in document["removed"]) or "nothing to take back"


def _cost(item: dict[str, Any]) -> str:
    written = item["writes"]
    lost = f", {counted(round(written['lost_hot']), 'update')} no longer heap-only" if written["lost_hot"] else ""
    entries = (
        f"{counted(round(written['rows']), 'entry')} written{lost}" if written["rows"] else "nothing writes to it"
    )
    return (
        f"about {render(item['bytes'], 'bytes')}; saves {100 * item['saved_share']:.1f} % of the estimated cost in "
        f"{counted(len(item['serves']), 'kind')} of statements; {entries}"
    )


def _superfluous(document: dict[str, Any]) -> list[str]:
    return [
        f"{item['kind']}: {item['name']}: {item['why']}\n    drop: {item['drop']};\n    back: {item['undo']};"
        for item in document["superfluous"]
    ]


def _ratio(after: float, before: float) -> str:
    return f"{after / before:.2f}×" if before else "not measured"
