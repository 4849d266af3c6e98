"""`make bench-settings`: pgbench and the sample's load under the defaults, pgtune's values and ours, interleaved.

One server, restarted with each set of values in turn; the order changes from round to round.  Durability is on.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from benchmarks.settings.page import write_page
from benchmarks.settings.pgtune import pgtune_settings
from benchmarks.tune.replay import Load, carry_over, record_load, replay, translate_load
from pgraduate.cluster import Embedded, find_binaries
from pgraduate.processors import cores_of
from pgraduate.tune.settings.current import read_settings
from pgraduate.tune.settings.formulas import propose
from pgraduate.tune.settings.machine import Machine, measure_disk, memory_of

HERE = Path(__file__).parent
SCALE, CLIENTS = 10, 8


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=8, help="of one pgbench run")
    parser.add_argument("--size", default="medium", help="of the sample")
    parser.add_argument("--operations", type=int, default=400, help="of the sample's load")
    arguments = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="pgraduate-bench-"))
    server: Embedded | None = None
    try:
        server = carry_over(place / "sample", size=arguments.size)
        server.start()
        recording = record_load(place / "sample", operations=arguments.operations)
        conninfo = server.status().conninfo
        assert conninfo is not None
        work = translate_load(conninfo, recording)
        database = str(conninfo_to_dict(conninfo)["dbname"])
        _pgbench(server, "-i", "-q", "-s", str(SCALE))
        sides, machine, version = _sides(server)
        measured = _measure(server.directory, sides, database, work, arguments.rounds, arguments.seconds)
    finally:
        if server is not None:
            server.remove()
        shutil.rmtree(place, ignore_errors=True)
    result = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "server": version,
        "machine": {"memory": machine.memory, "cores": machine.cores, "disk": machine.disk, "data": machine.data,
                    "platform": platform.platform()},
        "pgbench": {"scale": SCALE, "clients": CLIENTS, "seconds": arguments.seconds},
        "load": {"statements": len(work.texts), "executions": work.executions, "untranslated": dict(work.untranslated),
                 "size": arguments.size},
        "sides": {name: dict(values) for name, values in sides.items()},
        "measured": measured,
    }  # fmt: skip
    (HERE / "results.json").write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    write_page(result, HERE.parents[1] / "docs" / "settings-results.md")
    print(json.dumps(measured, indent=1))
    return 0


def _sides(server: Embedded) -> tuple[dict[str, Mapping[str, str]], Machine, str]:
    """Give the three sets of values for this machine, as measured; ours is what `tune settings plan` proposes."""
    data = server.status().data
    assert data is not None
    with psycopg.connect(server.superuser_conninfo(), autocommit=True) as connection:
        row = connection.execute("SELECT version(), sum(pg_database_size(oid))::bigint FROM pg_database").fetchone()
        assert row is not None
        machine = Machine(
            memory_of(), cores_of(), measure_disk(data), row[1], shutil.disk_usage(data).free, share=0.5
        )
        current = read_settings(connection)
        ours = {item.name: item.value for item in propose(machine, current, statistics=False)}
        theirs = pgtune_settings(machine.memory, machine.cores, row[1], connection.info.server_version // 10000)
    return {"defaults": {}, "pgtune": theirs, "pgraduate": ours}, machine, str(row[0]).split(" on ")[0]


def _measure(
    directory: Path, sides: Mapping[str, Mapping[str, str]], database: str, work: Load, rounds: int, seconds: int
) -> dict[str, dict[str, list[float]]]:
    """Give, for each side and round, pgbench's transactions per second and the seconds of the sample's load."""
    found: dict[str, dict[str, list[float]]] = {side: {"tps": [], "load": []} for side in sides}
    for number in range(rounds):
        order = list(sides) if number % 2 else list(sides)[::-1]
        for side in order:
            server = Embedded(directory, settings=sides[side])
            server.stop()
            server.start()
            with psycopg.connect(server.superuser_conninfo(), autocommit=True) as connection:
                connection.execute("CHECKPOINT")
            replay(server, database, work)  # fills the caches after the restart
            load = replay(server, database, work)
            tps = _tps(server, seconds)
            found[side]["load"].append(round(load, 4))
            found[side]["tps"].append(round(tps, 1))
            print(number, side, f"{tps:.1f} tps, load {load:.3f} s", file=sys.stderr, flush=True)
    return found


def _tps(server: Embedded, seconds: int) -> float:
    said = _pgbench(server, "-c", str(CLIENTS), "-j", "2", "-T", str(seconds), "-M", "prepared", "-n")
    match = re.search(r"^tps = ([\d.]+)", said, flags=re.MULTILINE)
    assert match is not None, said
    return float(match[1])


def _pgbench(server: Embedded, *options: str) -> str:
    superuser = server.superuser_conninfo()
    with psycopg.connect(superuser, autocommit=True) as connection:
        if connection.execute("SELECT FROM pg_database WHERE datname = 'pgbench'").fetchone() is None:
            connection.execute("CREATE DATABASE pgbench TEMPLATE template0")
    command = [str(find_binaries().program("pgbench")), *options, make_conninfo(superuser, dbname="pgbench")]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
