"""`python -m benchmarks.load`: all contenders over all shapes, interleaved round by round, into one result file."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from benchmarks.load.case import Case, differences
from benchmarks.load.contenders import LIMIT, PEERS, PGRADUATE, Contender, prepare_limit, run_program
from benchmarks.load.generate import SHAPES, Shape, generate
from benchmarks.load.measuring import Failed, Measured
from pgraduate.cluster import Embedded

RESULTS = Path(__file__).parents[1] / "results" / "load.json"
PROFILES: dict[str, dict[str, str]] = {
    "default": {},
    "load": {
        "shared_buffers": "1GB",
        "max_wal_size": "8GB",
        "checkpoint_timeout": "30min",
        "wal_compression": "on",
        "autovacuum": "off",
    },
}
"""Server settings: as installed, and as one would set them for the hours of a load."""


def main() -> None:
    options = _options()
    results: dict[str, Any] = {"machine": machine(), "cases": []}
    shapes = {shape.name: shape for shape in SHAPES}
    data = Path(options.data).absolute()
    data.mkdir(parents=True, exist_ok=True)
    for profile in options.profiles:
        with server(data / f"server-{profile}", PROFILES[profile]) as databases:
            for shape in (shapes[name] for name in options.shapes):
                results["server"] = databases.version
                results["cases"].append(_case(shape, profile, databases, data, options))
                options.output.write_text(json.dumps(results, indent=1) + "\n")


class Databases:
    """Empty databases on one server, one after the other."""

    def __init__(self, superuser: str) -> None:
        self._superuser = superuser
        self._numbers = count(1)
        with psycopg.connect(superuser, autocommit=True) as connection:
            self.version = connection.info.parameter_status("server_version")

    @contextmanager
    def empty(self) -> Iterator[str]:
        name = f"bench_{next(self._numbers)}"
        with psycopg.connect(self._superuser, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
            connection.execute("CHECKPOINT")
        os.sync()  # what the one before has left to be written is not written during the next one's time
        yield make_conninfo(self._superuser, dbname=name)
        with psycopg.connect(self._superuser, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def server(directory: Path, settings: dict[str, str]) -> Iterator[Databases]:
    """Start a server of its own in a directory, and remove it afterwards."""
    embedded = Embedded(directory, settings=settings)
    embedded.remove()  # what a broken run left behind
    embedded.start()
    try:
        yield Databases(embedded.superuser_conninfo())
    finally:
        embedded.remove()


def _case(
    shape: Shape, profile: str, databases: Databases, data: Path, options: argparse.Namespace
) -> dict[str, Any]:
    rows = options.rows.get(shape.name) or max(int(shape.rows * options.scale), 10)
    live = data / f"{shape.name}-{rows}.db"
    generate(shape, live, rows)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=data) as directory:
        work = Path(directory)
        os.sync()
        case = Case.make(shape.name, live, work)
        contenders = [LIMIT, PGRADUATE, *(peer for peer in PEERS if _runs(peer, options))]
        runs: dict[str, list[Measured]] = {contender.name: [] for contender in contenders}
        verified: list[Measured] = []
        unequal: dict[str, int | str] = {}
        with databases.empty() as conninfo:
            PGRADUATE.run(case, conninfo, work)
            prepare_limit(case, conninfo, work)
        for number in _rounds(options):
            for contender in contenders[number % len(contenders) :] + contenders[: number % len(contenders)]:
                if isinstance(unequal.get(contender.name), str):
                    continue
                with databases.empty() as conninfo:
                    try:
                        runs[contender.name].append(contender.run(case, conninfo, work))
                    except Failed as failure:
                        unequal[contender.name] = str(failure)
                        continue
                    if contender is PGRADUATE:
                        verified.append(run_program("verifying", case, conninfo, work))
                    elif number == 0:
                        unequal[contender.name] = differences(case, conninfo, contender.schema)
                _say(shape, profile, number, contender, runs[contender.name][-1])
    return _summary(shape, profile, rows, live, case, runs, verified, unequal)


def _summary(
    shape: Shape,
    profile: str,
    rows: int,
    live: Path,
    case: Case,
    runs: dict[str, list[Measured]],
    verified: list[Measured],
    unequal: dict[str, int | str],
) -> dict[str, Any]:
    medians = {name: statistics.median(run.seconds for run in found) for name, found in runs.items() if found}
    limit, own = medians["limit"], medians["pgraduate"]
    return {
        "shape": shape.name,
        "profile": profile,
        "rows": rows,
        "full_rows": shape.rows,
        "rounds": len(verified),
        "bytes": live.stat().st_size,
        "prepared": {name: round(seconds, 3) for name, seconds in case.prepared.items()},
        "path": runs["pgraduate"][-1].output,
        "contenders": {
            name: {
                "seconds": [round(run.seconds, 3) for run in found],
                "median": round(medians[name], 3),
                "process_median": round(statistics.median(run.process_seconds for run in found), 3),
                "ratio_to_limit": round(medians[name] / limit, 3),
                "ratio_to_pgraduate": round(medians[name] / own, 3),
                "peak_pss": max(run.peak_pss for run in found),
                "rows_differing": unequal.get(name, 0),
            }
            for name, found in runs.items()
            if found
        },
        "failed": {name: words for name, words in unequal.items() if isinstance(words, str)},
        "verify": {
            "seconds": [round(run.seconds, 3) for run in verified],
            "median": round(statistics.median(run.seconds for run in verified), 3),
            "ratio_to_load": round(statistics.median(run.seconds for run in verified) / own, 3),
            "peak_pss": max(run.peak_pss for run in verified),
        },
    }


def _runs(peer: Contender, options: argparse.Namespace) -> bool:
    if options.peers is not None and peer.name not in options.peers:
        return False
    if missing := peer.present():
        print(f"{peer.name}: left out, {missing}", flush=True)
        return False
    return True


def _say(shape: Shape, profile: str, number: int, contender: Contender, run: Measured) -> None:
    print(
        f"{shape.name} ({profile} server), round {number + 1}: {contender.name} {run.seconds:.2f} s"
        f" ({run.process_seconds:.2f} s the process), "
        f"{run.peak_pss / 1024 / 1024:.0f} MiB",
        flush=True,
    )


def machine() -> dict[str, Any]:
    """Describe what the figures were measured on."""
    processor = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "cores": os.cpu_count(),
        "processor": processor[0].split(":", 1)[1].strip() if processor else platform.machine(),
        "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "python": platform.python_version(),
        "kernel": platform.release().split("-")[0],
        "date": datetime.now(UTC).date().isoformat(),
        "load_before": os.getloadavg()[0],
        "psycopg": psycopg.__version__,
    }


def _rounds(options: argparse.Namespace) -> Iterator[int]:
    """Count rounds, and begin none that would end behind the time that the whole benchmark has."""
    last = 0.0
    for number in range(options.rounds):
        started = time.monotonic()
        if options.until is not None and number and started + last > options.until:
            print(f"{number} rounds, for want of time", flush=True)
            return
        yield number
        last = time.monotonic() - started


def _rows(text: str) -> tuple[str, int]:
    name, _, rows = text.partition("=")
    return name, int(rows)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full number of rows")
    parser.add_argument(
        "--rows",
        nargs="+",
        type=_rows,
        default=[],
        metavar="SHAPE=ROWS",
        help="rows of one shape, whatever the scale",
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--minutes", type=float, help="begin no round that would end later; a case has fewer rounds then"
    )
    names = [shape.name for shape in SHAPES]
    parser.add_argument("--shapes", nargs="+", default=names, choices=names, help="in this order")
    parser.add_argument("--profiles", nargs="+", default=list(PROFILES), choices=list(PROFILES))
    parser.add_argument("--peers", nargs="*", help="names of the peers that take part (default: all that are here)")
    parser.add_argument("--data", default="/tmp/pgraduate-bench", help="where databases and servers stand")
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args()
    options.rows = dict(options.rows)
    options.until = None if options.minutes is None else time.monotonic() + 60 * options.minutes
    options.output.parent.mkdir(parents=True, exist_ok=True)
    if shutil.which("psql") is None:
        parser.error("psql is not on the PATH; the limit is measured with it")
    return options


if __name__ == "__main__":
    main()
