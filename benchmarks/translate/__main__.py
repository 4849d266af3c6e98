"""Time every statement of the suite, uncached, in interleaved rounds; write the result and the page."""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import time
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

from sqlglot import parser

from benchmarks.translate.suite import texts, works

ROOT = Path(__file__).parents[2]
ROUNDS = 5


def main() -> int:
    if "--texts" in sys.argv[1:]:
        print("\n".join(texts()))
        return 0
    result = measured()
    (ROOT / "benchmarks" / "results").mkdir(exist_ok=True)
    (ROOT / "benchmarks" / "results" / "translate.json").write_text(json.dumps(result, indent=2) + "\n")
    (ROOT / "docs" / "translate-speed.md").write_text(page(result))
    print(page(result))
    return 0


def measured() -> dict[str, object]:
    """Give the medians over the statements of each statement's median over the rounds, in milliseconds.

    The processor's time counts, as a translation waits for nothing and the machine may have other work.
    """
    statements = works()
    for work in statements:
        work.translate()
    times: dict[int, list[float]] = defaultdict(list)
    load = os.getloadavg()[0]
    for _ in range(ROUNDS):
        for place, work in enumerate(statements):
            start = time.process_time()
            work.translate()
            times[place].append((time.process_time() - start) * 1000)
    medians = sorted(statistics.median(found) for found in times.values())
    return {
        "statements": len(statements),
        "rounds": ROUNDS,
        "median_ms": round(statistics.median(medians), 3),
        "p95_ms": round(medians[int(len(medians) * 0.95)], 3),
        "largest_ms": round(medians[-1], 3),
        "sqlglot": version("sqlglot"),
        "build": "pure Python" if str(parser.__file__).endswith(".py") else "compiled",
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load_before": round(load, 1),
    }


def page(result: dict[str, object]) -> str:
    return f"""# How long a translation takes

Written by `make bench-translate` from `benchmarks/results/translate.json`.

Every statement of the suite is translated {result["rounds"]} times in interleaved rounds, without a cache; of each
statement the median of the processor's time counts. Other work on the machine makes the figures larger, as it takes
the caches.

| | |
|---|---:|
| statements | {result["statements"]} |
| median | {result["median_ms"]} ms |
| 95 of 100 take at most | {result["p95_ms"]} ms |
| largest | {result["largest_ms"]} ms |

sqlglot {result["sqlglot"]}, {result["build"]}; Python {result["python"]}; {result["cores"]} cores, whose load was
{result["load_before"]} when it began.
"""


if __name__ == "__main__":
    sys.exit(main())
