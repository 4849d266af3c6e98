"""`python -m benchmarks.journey`: whole runs of `pgraduate run` on a running server: seconds per step, peak memory.

Sizes differ by a factor of six, so that memory that grows with the database would show; one database has rows of
60 MB.  Nothing is timed over a verdict that is not "equal".
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.load.__main__ import Databases, machine, server
from benchmarks.load.generate import GIGABYTE, HUGE, SIX_GIGABYTES, Shape, generate
from benchmarks.load.measuring import Measured, measure

RESULTS = Path(__file__).parents[1] / "results" / "journey.json"
SHAPES = {shape.name: shape for shape in (GIGABYTE, SIX_GIGABYTES, HUGE)}


def main() -> None:
    options = _options()
    data = Path(options.data).absolute()
    data.mkdir(parents=True, exist_ok=True)
    runs = {run["name"]: run for run in _measured_before(options)}
    with server(data / "server-journey", {}) as databases:
        for name, path, rounds in _files(data, options):
            before = machine()
            found = [_run(path, databases, data) for _ in range(rounds)]
            runs[name] = {"name": name, "server": databases.version, **before, **_summary(path, found)}
            print(json.dumps(runs[name]), flush=True)
            options.output.write_text(json.dumps({"runs": list(runs.values())}, indent=1) + "\n")


def _measured_before(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Give the runs of the result file; a database that is measured again replaces its own."""
    path: Path = options.output
    return list(json.loads(path.read_text("utf-8"))["runs"]) if path.exists() else []


def _files(data: Path, options: argparse.Namespace) -> Iterator[tuple[str, Path, int]]:
    for path in options.database:
        yield path.stem, path.absolute(), options.rounds
    for name in options.shapes:
        shape: Shape = SHAPES[name]
        path = data / f"{shape.name}-{shape.rows}.db"
        generate(shape, path, shape.rows)
        yield shape.name, path, 1


def _run(path: Path, databases: Databases, data: Path) -> tuple[Measured, dict[str, float]]:
    work = Path(tempfile.mkdtemp(prefix="run-", dir=data))
    command: list[str | Path] = [sys.executable, "-m", "pgraduate", "run", path, "--quiet", "--json", "--to"]
    try:
        with databases.empty() as conninfo:
            run = measure([*command, conninfo], directory=work)
        found = json.loads(run.output)
        if found["verdict"] != "equal":
            sys.exit(f"{path.name}: the verdict is {found['verdict']}")
        (journal,) = work.glob("**/journal.jsonl")
        entries = map(json.loads, journal.read_text("utf-8").splitlines())
        return run, _seconds(entries)
    finally:
        shutil.rmtree(work)


def _seconds(entries: Iterable[dict[str, Any]]) -> dict[str, float]:
    """Give the seconds of each verb of a run, which may have several steps."""
    spent: dict[str, float] = {}
    for entry in entries:
        if entry["type"] == "step_ended":
            spent[entry["verb"]] = spent.get(entry["verb"], 0.0) + entry["seconds"]
    return spent


def _summary(path: Path, found: list[tuple[Measured, dict[str, float]]]) -> dict[str, Any]:
    return {
        "bytes": path.stat().st_size,
        "seconds": [round(run.seconds, 2) for run, _ in found],
        "median": round(statistics.median(run.seconds for run, _ in found), 2),
        "steps": {verb: round(statistics.median(steps[verb] for _, steps in found), 3) for verb in found[0][1]},
        "peak_pss": max(run.peak_pss for run, _ in found),
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.journey", description=__doc__)
    parser.add_argument("--shapes", nargs="*", default=list(SHAPES), choices=list(SHAPES))
    parser.add_argument(
        "--database", type=Path, nargs="*", default=[], help="other files, each run `--rounds` times"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--data", default="/tmp/pgraduate-bench", help="where databases and the server stand")
    parser.add_argument("--output", type=Path, default=RESULTS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
