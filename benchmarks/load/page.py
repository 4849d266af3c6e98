"""docs/performance.md and its pictures, from the committed result files and from nothing else.

What has no result file is not on the page; where there is none at all, there is no page.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.journey import __main__ as journey
from benchmarks.load import __main__ as load
from benchmarks.plot import bars
from pgraduate.model.figure import render

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
IMAGES = PAGE.parent / "images"

_SHAPES = {
    "narrow": "six columns: numbers, short texts, a timestamp as text; three indexes",
    "wide": "forty columns: long Unicode texts, JSON, blobs, numbers, a fifth of them NULL; three indexes",
    "many": "tables of a few rows each, with two indexes each",
}


def page(results: dict[str, Any] | None, runs: dict[str, Any] | None) -> str | None:
    """Write the page, of the load benchmark's results and of the whole runs'; None where neither was measured."""
    if results is None and runs is None:
        return None
    lines = ["# Performance", ""]
    if results is not None:
        lines += _loads(results)
    if runs is not None:
        lines += _whole_runs(runs)
    return "\n".join(lines).rstrip() + "\n"


def pictures(results: dict[str, Any] | None) -> dict[str, str]:
    """Draw one picture per database on the server's default settings, by its file name."""
    if results is None:
        return {}
    return {
        f"load-{case['shape']}.svg": bars(
            f"{case['shape']}: load, keys and indexes, as a multiple of the limit",
            [(name, found["ratio_to_limit"]) for name, found in case["contenders"].items()],
        )
        for case in results["cases"]
        if case["profile"] == "default"
    }


def _loads(results: dict[str, Any]) -> Iterator[str]:
    machine = results["machine"]
    yield "Generated from `benchmarks/results/load.json`, which `make bench` writes; a test holds it against that file."
    yield ""
    yield (
        f"**Measured on** {machine['date']}: {_machine({**machine, 'server': results['server']})}. "
        "All contenders take turns, round by round; medians. "
        f"The load average was {machine['load_before']:.1f} when it began."
    )
    yield ""
    yield (
        "**The limit** is `psql`'s `\\copy` of a prepared binary file with FREEZE into the same tables, then the same "
        "keys and indexes: no reading of SQLite, no encoding. Every contender begins with an empty database and ends "
        "when rows, keys and indexes are committed. What pgraduate does before (seal, count, plan) and behind it "
        "(freeze, statistics, verify) is timed apart. A program in Python takes the time of its work itself, as a step "
        "of a run is timed; the whole process, with the start of the interpreter, stands beside it. A peer has the casts "
        "and options that make its result equal; *differing* counts the rows of its tables that pgraduate's own "
        "comparison finds different."
    )
    for case in results["cases"]:
        yield from _case(case)
    yield ""


def _case(case: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield f"## {case['shape']}, {case['profile']} server settings"
    yield ""
    unit = "tables" if case["shape"] == "many" else "rows"
    full = "" if case["rows"] == case["full_rows"] else f" (of {case['full_rows']:,} at full size)"
    yield f"{case['rows']:,} {unit}{full}, {render(case['bytes'], 'bytes')}: {_SHAPES[case['shape']]}."
    yield f"Rounds: {case['rounds']}."
    yield ""
    if case["profile"] == "default":
        yield f"![load time as a multiple of the limit](images/load-{case['shape']}.svg)"
        yield ""
    yield "| Contender | Median | Range | Of the limit | Whole process | Peak memory (PSS) | Differing |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for name, found in case["contenders"].items():
        seconds = found["seconds"]
        marked = f"{found['ratio_to_limit']:.2f}" + (" (unequal)" if found["rows_differing"] else "")
        yield (
            f"| {name} | {found['median']:.2f} s | {min(seconds):.2f}–{max(seconds):.2f} s | {marked} "
            f"| {found['process_median']:.2f} s | {render(found['peak_pss'], 'bytes')} | {found['rows_differing']:,} |"
        )
    yield ""
    verify, own = case["verify"], case["contenders"]["pgraduate"]["median"]
    yield (
        f"Verify, every value: {verify['median']:.2f} s, {verify['ratio_to_load']:.2f} of pgraduate's "
        f"{own:.2f} s, peak {render(verify['peak_pss'], 'bytes')}. Before the load: "
        + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in case["prepared"].items())
        + f". Rows took the way: {case['path']}."
    )
    yield from _below_the_limit(case["contenders"])
    for name in case["failed"]:
        yield ""
        yield f"{name} did not load this database."


def _below_the_limit(found: dict[str, Any]) -> Iterator[str]:
    """Say what a load that took less time than the limit means, which sends the same bytes and reads nothing else."""
    limit, own = found["limit"], found["pgraduate"]
    if own["median"] >= limit["median"]:
        return
    overlap = min(limit["seconds"]) <= max(own["seconds"]) and min(own["seconds"]) <= max(limit["seconds"])
    yield ""
    yield (
        "pgraduate's median is below the limit's. "
        + (
            "Their ranges overlap, so the difference is not resolved: the server is what both wait for."
            if overlap
            else "Their ranges do not overlap; why was not measured."
        )
    )


def _machine(found: dict[str, Any]) -> str:
    return (
        f"{found['cores']} cores ({found['processor']}), {render(found['memory'], 'bytes')} of memory, "
        f"PostgreSQL {found['server']}, Python {found['python']}, psycopg {found['psycopg']}"
    )


def _whole_runs(runs: dict[str, Any]) -> Iterator[str]:
    yield "## Whole runs"
    yield ""
    yield (
        "`pgraduate run` from its start to its report on a running server with default settings, "
        "written by `python -m benchmarks.journey`: the time of each step, and the peak PSS of all of pgraduate's "
        'processes. Each verdict was "equal". The load average before the first run of a database stands beside its date. '
        f"Measured on {'; '.join(sorted({_machine(run) for run in runs['runs']}))}."
    )
    yield ""
    yield "| Database | Size | Runs | Median | Peak memory (PSS) | Measured | Steps |"
    yield "|---|---:|---:|---:|---:|---|---|"
    for run in runs["runs"]:
        steps = ", ".join(f"{verb} {seconds:.1f} s" for verb, seconds in run["steps"].items())
        yield (
            f"| {run['name']} | {render(run['bytes'], 'bytes')} | {len(run['seconds'])} | {run['median']:.1f} s "
            f"| {render(run['peak_pss'], 'bytes')} | {run['date']}, load {run['load_before']:.1f} | {steps} |"
        )


def read_results(path: Path) -> dict[str, Any] | None:
    """Give the content of a result file, None where there is none."""
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else None


def main() -> None:
    results, runs = (read_results(path) for path in (load.RESULTS, journey.RESULTS))
    if (text := page(results, runs)) is None:
        sys.exit("nothing was measured yet: make bench")
    PAGE.write_text(text, "utf-8")
    IMAGES.mkdir(exist_ok=True)
    for name, picture in pictures(results).items():
        (IMAGES / name).write_text(picture, "utf-8")


if __name__ == "__main__":
    main()
