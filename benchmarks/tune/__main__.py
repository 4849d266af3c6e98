"""`make bench-tune`: TPC-H SF 0.1 on a private server, planned by four ways, measured in interleaved rounds; the sample.

Everything that is printed was measured by this run; the page and its pictures are made from the same numbers.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from benchmarks.tune.baselines import Baselines
from benchmarks.tune.page import write_page
from benchmarks.tune.sample_tuning import tune_sample
from benchmarks.tune.tpch import QUERIES, load
from pgraduate.cluster import Embedded
from pgraduate.tune.indexes.advice import Subject, advise, study
from pgraduate.tune.indexes.catalog import read_catalog
from pgraduate.tune.indexes.costs import Costs
from pgraduate.tune.indexes.definition import Definition
from pgraduate.tune.indexes.planner import BuiltPlanner, HypotheticalPlanner
from pgraduate.tune.indexes.timing import Pair, interval
from pgraduate.tune.indexes.verification import Bench, execute, verify
from pgraduate.workload import gather

BUDGETS = (25, 100, 300)
HERE = Path(__file__).parent
Indexes = frozenset[Definition]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scale", default="0.1")
    parser.add_argument("--size", default="medium", help="of the sample")
    parser.add_argument("--operations", type=int, default=400, help="of the sample's load")
    arguments = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="pgraduate-bench-"))
    # Indexes are hidden and shown, as on a clone: no VACUUM may meet one that is hidden.
    server = Embedded(place / "server", fsync=False, settings={"autovacuum": "off"})
    try:
        _generate(place / "data", arguments.scale)
        server.start()
        with psycopg.connect(server.superuser_conninfo(), autocommit=True) as creator:
            creator.execute("CREATE DATABASE tpch TEMPLATE template0")
        conninfo = make_conninfo(server.superuser_conninfo(), dbname="tpch")
        with psycopg.connect(conninfo, autocommit=True) as connection:
            load(connection, place / "data")
            connection.execute("CREATE EXTENSION hypopg")
            result = _run(connection, arguments.rounds, arguments.scale)
        server.stop()
        result["sample"] = tune_sample(
            place / "sample", rounds=arguments.rounds, size=arguments.size, operations=arguments.operations
        )
    finally:
        server.remove()
        shutil.rmtree(place, ignore_errors=True)
    (HERE / "results.json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    write_page(result, HERE.parents[1] / "docs" / "tuning-results.md")
    shown = {
        "estimates": result["estimates"],
        "measured": result["measured"]["summary"],
        "sample": result["sample"],
    }
    print(json.dumps(shown, indent=1))
    return 0


def _generate(directory: Path, scale: str) -> None:
    program = Path(sys.executable).parent / "tpchgen-cli"
    subprocess.run([program, "csv", "-s", scale, "-o", directory], check=True, stdout=subprocess.DEVNULL)


def _run(connection: psycopg.Connection, rounds: int, scale: str) -> dict[str, Any]:
    catalog = read_catalog(connection)
    built = BuiltPlanner(connection)
    planner = HypotheticalPlanner(connection, built)
    workload = gather(((text, 1, None) for text in QUERIES.values()), "TPC-H")
    subject = study(workload, catalog, planner)
    estimates: dict[str, Any] = {}
    plain: Indexes = frozenset()
    ours: Indexes = frozenset()
    for budget in BUDGETS:
        limit = budget << 20
        started = time.monotonic()
        advice = advise(connection, subject, planner, budget=limit)
        seconds = time.monotonic() - started
        baselines = Baselines(Costs(planner, subject.statements, seconds=600), catalog, limit)
        found = {name: getattr(baselines, name)() for name in ("extend", "greedy", "dexter")}
        before = advice.cost_before
        best = min(item.cost for item in found.values())
        estimates[str(budget)] = {
            "pgraduate": _estimate(advice.cost_after / before, [i.definition for i in advice.proposed],
                                   sum(i.bytes for i in advice.proposed)),
            "seconds": round(seconds, 1),
            "plans_asked": advice.plans_asked,
            "complete": advice.complete,
            **{name: _estimate(item.cost / before, item.indexes, item.bytes) for name, item in found.items()},
            "against_best": round(advice.cost_after / best, 4),
        }  # fmt: skip
        print(budget, json.dumps(estimates[str(budget)]), file=sys.stderr, flush=True)
        plain, ours = found["extend"].indexes, frozenset(item.definition for item in advice.proposed)
    # What the budget was kept by is an estimate: what is built is measured.
    proof = verify(Bench(connection, built.show, rounds=rounds), subject.statements, ours)
    connection.execute("SELECT set_config('statement_timeout', '0', false)")
    sides = {"untuned": frozenset[Definition](), "plain Extend": plain, "pgraduate": proof.kept}
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "server": connection.execute("SELECT version()").fetchone()[0],  # type: ignore[index]
        "machine": {"cpus": _cpus(), "platform": platform.platform()},
        "scale": scale,
        "queries": len(QUERIES),
        "estimates": estimates,
        "verification": {"kept": len(proof.kept), "dropped": [item.why for item in proof.dropped]},
        "measured": _measure(connection, built, subject, sides, rounds),
    }


def _estimate(ratio: float, indexes: Any, size: int) -> dict[str, Any]:
    return {"ratio": round(ratio, 4), "indexes": len(list(indexes)), "bytes": size}


def _measure(
    connection: psycopg.Connection, built: BuiltPlanner, subject: Subject, sides: dict[str, Indexes], rounds: int
) -> dict[str, Any]:
    """Run all queries with each set of indexes shown, in turn, the order changing from round to round."""
    names = {item.examples[0]: item.id for item in (statement for statement, _ in subject.readings)}
    runs: dict[str, dict[str, list[float]]] = {side: {name: [] for name in QUERIES} for side in sides}
    for number in range(-1, rounds):
        order = list(sides) if number % 2 else list(reversed(sides))
        for side in order:
            built.show(sides[side])
            for name, text in QUERIES.items():
                assert text in names
                seconds = execute(connection, text).seconds
                if number >= 0:
                    runs[side][name].append(seconds)
    totals = {side: [sum(runs[side][name][n] for name in QUERIES) for n in range(rounds)] for side in sides}
    untuned = statistics.median(totals["untuned"])
    summary = {
        side: {
            "median_seconds": round(statistics.median(values), 3),
            "ratio": round(statistics.median(values) / untuned, 4),
            "bytes": _built_bytes(connection, sides[side]),
            "indexes": len(sides[side]),
        }
        for side, values in totals.items()
    }
    low, high = interval(totals["plain Extend"], totals["pgraduate"])
    slower = {
        side: [
            name
            for name in QUERIES
            if Pair(name, 1, tuple(runs["untuned"][name]), tuple(runs[side][name])).is_slower
        ]
        for side in sides
    }
    return {
        "rounds": rounds,
        "summary": summary,
        "against_plain_extend": {"low": round(low, 4), "high": round(high, 4)},
        "slower": slower,
        "totals": {side: [round(value, 4) for value in values] for side, values in totals.items()},
        "queries": {
            side: {name: round(statistics.median(values), 5) for name, values in found.items()}
            for side, found in runs.items()
        },
    }


def _built_bytes(connection: psycopg.Connection, indexes: Indexes) -> int:
    names = [f'"{item.schema}"."{item.name}"' for item in indexes]
    row = connection.execute(
        "SELECT coalesce(sum(pg_relation_size(name::regclass)), 0)::bigint FROM unnest(%s::text[]) AS name",
        (names,),
    ).fetchone()
    assert row is not None
    return int(row[0])


def _cpus() -> int:
    import os

    return os.cpu_count() or 1


if __name__ == "__main__":
    sys.exit(main())
