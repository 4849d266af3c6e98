"""`pgraduate maintain retention`: rules of pgraduate.toml planned, executed, and taken back; and what they tell people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from pgraduate.cli import options, output
from pgraduate.model.figure import render
from pgraduate.model.wording import counted


@click.group("retention")
def retention() -> None:
    """Have old rows go to archive tables, to CSV segments, or away, as rules in pgraduate.toml say.

    \b
    Examples:
      pgraduate maintain retention plan
      pgraduate maintain retention run --window 22:00-05:30
      pgraduate maintain retention restore --table shop.orders --from 2024-01-01 --until 2024-02-01
    """


_table = click.option("--table", metavar="SCHEMA.TABLE", help="Only the rule of this table.")


@retention.command("plan")
@_table
@options.on_target
def plan(call: options.Call, table: str | None) -> int:
    """Say for each rule which rows are due, what follows them, and why it would be refused; nothing is changed.

    Rows that are due are counted, which reads the tables. Exit code 5 means that a rule would be refused.

    \b
    Example:
      pgraduate maintain retention plan
    """
    from pgraduate.journey.retaining import plan_retention

    document = plan_retention(call.settings(), table, sink=call.sink())
    return call.emit(document, planned)


@retention.command("run")
@_table
@click.option("--window", metavar="HH:MM-HH:MM", help="Begin a batch only between these times.")
@click.option("--batch", type=click.IntRange(1, 10_000), help="The largest batch, instead of the rules' own.")
@options.on_target
def run(call: options.Call, table: str | None, window: str | None, batch: int | None) -> int:
    """Move what is due in short transactions, giving way to everybody; stopped at any moment, nothing is lost.

    Exit code 3 means that rows which are due were left for later, 5 that a rule was refused and nothing was moved.

    \b
    Examples:
      pgraduate maintain retention run
      pgraduate maintain retention run --table shop.orders --batch 500 --window 22:00-05:30
    """
    from pgraduate.journey.retaining import run_retention

    document = run_retention(call.settings(), table, window=window, batch=batch, sink=call.sink())
    return call.emit(document, moved)


_moment = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"])


@retention.command("restore")
@click.option("--table", required=True, metavar="SCHEMA.TABLE", help="The table of the rule.")
@click.option("--from", "low", required=True, type=_moment, help="The earliest age that comes back, in UTC.")
@click.option("--until", "high", required=True, type=_moment, help="The first age that does not, in UTC.")
@options.on_target
def restore(call: options.Call, table: str, low: datetime, high: datetime) -> int:
    """Bring the archived rows of a range back with all that followed them, in one transaction.

    A row whose key is taken, or that would not come back as it was, refuses all of it (5, 4).

    \b
    Example:
      pgraduate maintain retention restore --table shop.orders --from 2024-01-01 --until 2024-02-01
    """
    from pgraduate.journey.retaining import restore_retained

    document = restore_retained(
        call.settings(),
        table,
        low.replace(tzinfo=UTC),
        high.replace(tzinfo=UTC),
        sink=call.sink(),
    )
    return call.emit(document, restored)


def planned(document: dict[str, Any]) -> str:
    rules = document["rules"]
    refused = sum(bool(rule["refusals"]) for rule in rules)
    headline = (
        f"{refused} of {counted(len(rules), 'rule')} would be refused"
        if refused
        else f"{counted(len(rules), 'rule')} can be executed"
    )
    lines = [output.title(headline, good=not refused)]
    for rule in rules:
        lines += ["", _heading(rule)]
        lines += [f"  due      {item['table']}: {render(item['due'], 'rows')}" for item in rule["tables"]]
        lines += [f"  refused  {why}" for why in rule["refusals"]]
        lines += [f"  slow     {note}" for note in rule["notes"]]
        if rule["partitions"]:
            lines += _partitions(rule["partitions"])
    return "\n".join([*lines, *_archived(document)])


def moved(document: dict[str, Any]) -> str:
    rules = document["rules"]
    rows = sum(item["moved"] for rule in rules for item in rule["tables"])
    left = sum(rule["left"] for rule in rules)
    headline = f"{render(rows, 'rows')} moved" + (f", {render(left, 'rows')} left that are due" if left else "")
    lines = [output.title(headline, good=not left)]
    for rule in rules:
        lines += ["", _heading(rule)]
        lines += [f"  moved    {item['table']}: {render(item['moved'], 'rows')}" for item in rule["tables"]]
        lines.append(
            f"  took     {render(rule['seconds'], 'seconds')} in {counted(rule['batches'], 'batch')},"
            f" {render(rule['paused_seconds'], 'seconds')} of it pauses;"
            f" the longest batch {render(rule['longest_batch_seconds'], 'seconds')}"
        )
        if rule["left"]:
            lines.append(f"  left     {render(rule['left'], 'rows')}: {rule['why']}")
    if document["discarded_segments"]:
        lines += ["", f"{counted(document['discarded_segments'], 'segment')} of a run that was cut off moved aside"]
    return "\n".join([*lines, *_archived(document)])


def restored(document: dict[str, Any]) -> str:
    rows = sum(item["restored"] for item in document["tables"])
    headline = (
        f"{render(rows, 'rows')} came back" if rows else "nothing to bring back: no archived row lies in the range"
    )
    lines = [output.title(headline, good=True)]
    lines += [f"  {item['table']}: {render(item['restored'], 'rows')}" for item in document["tables"]]
    return "\n".join([*lines, *_archived(document)])


def _heading(rule: dict[str, Any]) -> str:
    return f"{rule['table']}: {rule['age']} from before {rule['cutoff'][:19]} UTC (keep {rule['keep']}) to {rule['to']}"


def _archived(document: dict[str, Any]) -> list[str]:
    if not document["archived"]:
        return []
    lines = [
        f"  {item['schema']}.{item['table']}: {render(item['rows'], 'rows')} ({item['destination']})"
        for item in document["archived"]
    ]
    return ["", "not live by retention:", *lines]


def _partitions(plan: dict[str, Any]) -> list[str]:
    lines = [f"  big      {plan['rows']:,} rows that are only appended: partitions by month would go at once"]
    lines += [f"    {statement}" for statement in plan["statements"]]
    return lines + [f"    risk: {risk}" for risk in plan["risks"]]
