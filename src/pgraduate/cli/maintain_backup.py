"""What `maintain backup` and `maintain restore-drill` tell people."""

from __future__ import annotations

from typing import Any

from pgraduate.cli import output
from pgraduate.model.figure import NOT_MEASURED, render
from pgraduate.model.wording import counted


def backed_up(document: dict[str, Any]) -> str:
    made = document["backup"]
    rows = sum(table["rows"] for table in made["tables"])
    lines = [
        output.title(f"backed up as {made['name']}", good=True),
        "",
        f"stands    {made['directory']}",
        f"holds     {counted(rows, 'row')} in {counted(len(made['tables']), 'table')}, {render(made['bytes'], 'bytes')}",
        f"took      {render(made['seconds'], 'seconds')}",
        f"removed   {', '.join(document['removed']) or 'nothing'}",
        "proven    not yet: pgraduate maintain restore-drill",
    ]
    lines += [f"{item['tool']}  {item['where']}: {item['what']}" for item in document["others"]]
    return "\n".join([*lines, "", *document["warnings"], *_planned(document["plan"])])


def _planned(plan: dict[str, Any]) -> list[str]:
    """Give the commands under a line each that says what they lead to; none where nothing is missing."""
    lines = []
    for title, steps in (
        ("to recover to any moment (nothing of this was executed):", plan["point_in_time"]),
        ("to keep a copy elsewhere:", plan["copies"]),
    ):
        lines += ["", title] if steps else []
        for step in steps:
            restart = (
                "; RESTARTS the server"
                if step["where"] == "server" and step["restart"]
                else ("; takes effect with a restart" if step["restart"] else "")
            )
            lines += [f"  {step['where']:<6}  {step['command']}", f"          {step['why']}{restart}"]
    return lines


def drilled(document: dict[str, Any]) -> str:
    if document["why_not"]:
        headline = "not proven here, because " + "; ".join(document["why_not"])
    elif document["proven"]:
        headline = "the backup restores: every table equal"
    else:
        headline = "the backup is not what was dumped"
    lines = [
        output.title(headline, good=document["proven"]),
        "",
        f"backup    {document['backup']}, {render(document['bytes'], 'bytes')}",
        f"age       {_seconds(document['age_seconds'])}",
        f"restored  in {_seconds(document['restore_seconds'])} on PostgreSQL {document['server']}",
        f"compared  in {_seconds(document['compare_seconds'])}",
        f"RPO       {_seconds(document['rpo_seconds'])} of writes would be lost now or were at risk between two backups",
        f"RTO       {_seconds(document['rto_seconds'])} from the first file to the last comparison",
    ]
    lines += [
        f"differs   {table['schema']}.{table['name']}: {table['why']}"
        for table in document["tables"]
        if not table["equal"]
    ]
    lines += [line for shelf in document["others"] for line in _held_by(shelf)]
    return "\n".join([*lines, "", *document["warnings"]])


def _held_by(shelf: dict[str, Any]) -> list[str]:
    """Say how many backups another tool holds of each server, and how old the newest whole one is."""
    if shelf["why"] or not shelf["backups"]:
        return [f"{shelf['tool']}  {shelf['why'] or 'it lists no backup'}"]
    lines = []
    for name in dict.fromkeys(backup["of"] for backup in shelf["backups"]):
        backups = [backup for backup in shelf["backups"] if backup["of"] == name]
        newest = next((backup for backup in backups if backup["good"]), None)
        line = f"{shelf['tool']}  {name}: {counted(len(backups), 'backup')}, " + (
            f"the newest whole one {newest['name']} is {_seconds(newest['age_seconds'])} old"
            if newest
            else "none of them whole"
        )
        other = any(backup["same_server"] is False for backup in backups)
        lines.append(line + ("; of another server than this backup's" if other else ""))
    return [*lines, f"          not restored here; to prove one: {shelf['restores_with']}"]


def _seconds(value: float | None) -> str:
    return NOT_MEASURED if value is None else render(value, "seconds")
