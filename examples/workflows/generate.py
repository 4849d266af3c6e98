"""Make the sample files of the workflows application: workflows.db and phases.db.

    python generate.py --out data --seed 7 --size small

The same seed, size and moment give the same files, byte for byte.  Unless told to be --clean, the files contain the
dirty rows that years of use leave behind; --list-dirt prints them as JSON, with a query that counts each of them.
Needs Python 3.11 and nothing else.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from itertools import count, islice
from pathlib import Path

from sample import phases, shared, workflows
from sample.dirt import Defect, defects, plant
from sample.file import SampleFile
from sample.runs import Run, runs
from sample.shared import Side

SIZES = {"small": 120, "medium": 4_000, "large": 45_000}
"""Runs of workflows.  Each brings about 23 rows, counted over both files: `large` is a million rows."""

SMALLEST = 100
BLOCK = 5_000
UNTIL = datetime(2025, 6, 30, 12)
APART = 1_000_000_000
"""Where the ids of a clean phases.db begin, so that they never meet those of workflows.db."""


def generate(
    directory: Path, seed: int, size: int, until: datetime = UNTIL, *, clean: bool = False
) -> dict[str, int]:
    """Write both files into the directory, with so many runs; return how many rows each file has."""
    directory.mkdir(parents=True, exist_ok=True)
    left = SampleFile(directory / "workflows.db", Side("workflows", 1, until))
    right = SampleFile(directory / "phases.db", Side("phases", APART if clean else 1, until))
    _add_masters(left, right)
    left.add("workflow_archive", workflows.workflow_archive(seed, size, left.side.begin))
    all_runs, phase_ids = runs(seed, size, until), count(right.side.first_id)
    while block := list(islice(all_runs, BLOCK)):
        _add_workflows(left, block)
        _add_phases(right, [run for run in block if phases.seen(run)], phase_ids)
    left.index()
    right.index()
    if not clean:
        plant({"workflows": left.connection, "phases": right.connection}, _defects(size))
    return {"workflows": left.finish(), "phases": right.finish()}


def _add_masters(left: SampleFile, right: SampleFile) -> None:
    """Add what does not grow with the number of runs."""
    begin, until = left.side.begin, left.side.until
    for file in (left, right):
        file.add("tools", shared.tools(file.side))
        file.add("operation_patterns", shared.operation_patterns(file.side))
    left.add("projects", workflows.projects(begin))
    left.add("operators", workflows.operators(begin))
    left.add("workflow_templates", workflows.workflow_templates(begin))
    left.add("template_steps", workflows.template_steps())
    left.add("price_list", workflows.price_list(begin))
    left.add("budgets", workflows.budgets(begin))
    left.add("schedules", workflows.schedules(until))
    left.add("settings", workflows.settings(until))
    left.add("report_cache", workflows.report_cache(until))
    left.add("saved_searches", workflows.saved_searches())
    right.add("phase_locks", phases.phase_locks(until))


def _add_workflows(file: SampleFile, block: list[Run]) -> None:
    file.add("workflow_history", workflows.workflow_history(file.side, block))
    _add_shared(file, block)
    file.add("workflow_tags", workflows.workflow_tags(block))
    file.add("workflow_notes", workflows.workflow_notes(block))
    file.add("workflow_artifacts", workflows.workflow_artifacts(block))
    file.add("alerts", workflows.alerts(block))
    file.add("webhook_deliveries", workflows.webhook_deliveries(file.side, block))
    file.add("audit_log", workflows.audit_log(block))


def _add_phases(file: SampleFile, block: list[Run], ids: Iterator[int]) -> None:
    file.add("workflow_history", phases.workflow_history(block))
    _add_shared(file, block)
    file.add("phase_queue", phases.phase_queue(ids, block))


def _add_shared(file: SampleFile, block: list[Run]) -> None:
    file.add("tool_calls", shared.tool_calls(file.side, block))
    file.add("hook_events", shared.hook_events(file.side, block))
    file.add("cost_entries", shared.cost_entries(file.side, block))
    file.add("pattern_occurrences", shared.pattern_occurrences(file.side, block))


def _defects(size: int) -> tuple[Defect, ...]:
    return defects(size, len(shared.TOOLS), len(shared.SIGNATURES))


def _size(text: str) -> int:
    size = SIZES[text] if text in SIZES else int(text)
    if size < SMALLEST:
        raise argparse.ArgumentTypeError(f"at least {SMALLEST} runs are needed to show every kind of row")
    return size


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Make the sample files workflows.db and phases.db.")
    parser.add_argument("--out", type=Path, metavar="DIR", help="directory for the two files")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument(
        "--size", type=_size, default="small", metavar="small|medium|large|N", help="N: number of runs"
    )
    parser.add_argument("--until", type=datetime.fromisoformat, default=UNTIL, help="moment of the last run (UTC)")
    parser.add_argument("--clean", action="store_true", help="without dirty rows and colliding ids")
    parser.add_argument("--force", action="store_true", help="replace files that are there already")
    parser.add_argument("--list-dirt", action="store_true", help="print the planted defects as JSON and stop")
    options = parser.parse_args(arguments)
    if options.list_dirt:
        print(json.dumps([defect.to_json() for defect in _defects(options.size)], indent=2))
        return 0
    if options.out is None:
        parser.error("--out is needed")
    for name in ("workflows.db", "phases.db"):
        path = options.out / name
        if path.exists() and not options.force:
            parser.error(f"{path} exists; --force replaces it")
        path.unlink(missing_ok=True)
    began = time.monotonic()
    rows = generate(options.out, options.seed, options.size, options.until, clean=options.clean)
    seconds = time.monotonic() - began
    print(f"{options.out}: {rows['workflows']:,} + {rows['phases']:,} rows in {seconds:.1f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
