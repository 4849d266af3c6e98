"""The sample with its load: three indexes dropped, planned by the verb itself, replayed without and with what it says.

A write of a hot column and a rare question for it stand in the recording too: an index on that column would help the
question, and each of the writes would lose by it.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from benchmarks.tune.replay import Load, carry_over, record_load, replay, translate_load
from pgraduate.cluster import Embedded
from pgraduate.journey.tune_index_plan import plan_indexes
from pgraduate.settings import load
from pgraduate.workload import Execution
from pgraduate.workload.recording import write_execution

PLANTED = ("idx_tool_calls_workflow", "idx_tc_workflow_id", "idx_events_open")
"""What the load needs and is taken away first."""
HOT_COLUMN = "units_out"
HOT = (
    Execution("UPDATE workflow_history SET units_in = ?, units_out = ? WHERE id = ?", (7, 5, 9), calls=20_000),
    Execution("SELECT id FROM workflow_history WHERE units_out = ?", (5,), calls=20),
)


def tune_sample(place: Path, *, rounds: int, size: str, operations: int) -> dict[str, Any]:
    """Carry the sample over below a directory, plan its indexes, replay its load; give what was found and the seconds."""
    carried = carry_over(place, size=size)
    carried.stop()
    # What the disk does at each commit is the same with and without an index, and would drown the rest.
    server = Embedded(carried.directory, fsync=False)
    try:
        conninfo = server.start().conninfo
        assert conninfo is not None
        database = str(conninfo_to_dict(conninfo)["dbname"])
        _execute(server, database, *(sql.SQL("DROP INDEX workflows.{}").format(sql.Identifier(i)) for i in PLANTED))
        recording = record_load(place, operations=operations)
        work = translate_load(conninfo, recording)
        settings = load(place, target="embedded", environment={})
        plan = plan_indexes(settings, _with_hot_column(recording))
        _execute(server, "postgres", sql.SQL("CREATE DATABASE tuned TEMPLATE {}").format(sql.Identifier(database)))
        _execute(server, "tuned", *(sql.SQL(item["statement"]) for item in plan["indexes"]), sql.SQL("ANALYZE"))
        seconds = _replay(server, {"untuned": database, "pgraduate": "tuned"}, work, rounds)
    finally:
        server.remove()
    hot = {item["why"] for item in plan["passed"] if HOT_COLUMN in item["statement"]}
    return {
        "size": size,
        "planted": list(PLANTED),
        "hot_column": HOT_COLUMN,
        "executions": work.executions,
        "statements": len(work.texts),
        "untranslated": dict(work.untranslated),
        "indexes": [{"statement": item["statement"], "bytes": item["bytes"]} for item in plan["indexes"]],
        "dropped": plan["proof"]["dropped"],
        "hot": sorted(hot),
        "verdict": plan["proof"]["verdict"] and plan["proof"]["verdict"]["ratio"],
        "seconds": seconds,
    }


def _with_hot_column(recording: Path) -> Path:
    """Copy the recording and add what is written all day and asked for now and then."""
    planned = recording.with_name("planned.jsonl")
    shutil.copy(recording, planned)
    with planned.open("a", encoding="utf-8") as file:
        for execution in HOT:
            write_execution(file, execution)
    return planned


def _execute(server: Embedded, database: str, *statements: sql.Composed | sql.SQL) -> None:
    with psycopg.connect(
        make_conninfo(server.superuser_conninfo(), dbname=database), autocommit=True
    ) as connection:
        for statement in statements:
            connection.execute(statement)


def _replay(server: Embedded, sides: dict[str, str], work: Load, rounds: int) -> dict[str, list[float]]:
    """Run the load on copies of both databases in turn; the first round is not counted."""
    found: dict[str, list[float]] = {side: [] for side in sides}
    for number in range(-1, rounds):
        for side in list(sides) if number % 2 else list(reversed(sides)):
            seconds = replay(server, sides[side], work)
            if number >= 0:
                found[side].append(round(seconds, 4))
        print(f"sample, round {number}", file=sys.stderr, flush=True)
    return found
