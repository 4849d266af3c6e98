"""`make apps`: record the applications' statements, judge every one, write results.json and docs/applications.md.

Ends with 1 where a statement passed through unparsed or a server would not prepare a translation.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from catalog import HERE, TREE, applications
from measuring import measured
from page import page

RESULTS = HERE / "results.json"
PAGE = TREE / "docs" / "applications.md"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make apps", description=__doc__)
    parser.add_argument(
        "--cache", type=Path, default=TREE / ".apps", help="where sources, environments, recordings lie"
    )
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="this application; repeatable")
    parser.add_argument("--recorded", action="store_true", help="judge what the last run recorded")
    parser.add_argument("--check", action="store_true", help="write neither results.json nor the page")
    parser.add_argument(
        "--runtime", action="store_true", help="only the suites with pgraduate.dbapi, on both engines"
    )
    options = parser.parse_args()
    cache = options.cache.resolve()
    cache.mkdir(parents=True, exist_ok=True)
    chosen = [app for app in applications() if not options.only or app.name in options.only]
    earlier = json.loads(RESULTS.read_text("utf-8"))["applications"] if RESULTS.is_file() else {}
    # Most tests first, so that the last ones to end are short.
    chosen.sort(key=lambda app: -earlier.get(app.name, {}).get("runtime", {}).get("sqlite", 0))
    found, version = {}, ""
    # One application per core at a time.
    with ProcessPoolExecutor(os.cpu_count(), max_tasks_per_child=1) as pool:
        waiting = {pool.submit(measured, app, cache, options.recorded, options.runtime): app for app in chosen}
        for future in as_completed(waiting):
            found[waiting[future].name], version = future.result()
    failed = _failed(found)
    print("\n".join(failed))
    if not options.check:
        _write(earlier, found, version.split()[0])
    return 1 if failed else 0


def _write(earlier: dict[str, Any], found: dict[str, Any], version: str) -> None:
    """Put new results beside those of the applications that were not asked for, and draw the page."""
    merged = {}
    for app in applications():
        result = earlier.get(app.name, {}) | {k: v for k, v in found.get(app.name, {}).items() if k != "suite" or v}
        if result:
            merged[app.name] = result
    results = {"postgresql": version, "sqlite": sqlite3.sqlite_version, "applications": merged}
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")
    PAGE.write_text(page(results), "utf-8")


def _failed(found: dict[str, Any]) -> list[str]:
    return [
        f"{name}, {policy}: {word}: {text}"
        for name, result in found.items()
        for policy, verdict in result.get("policies", {}).items()
        for word in ("unparsed", "prepare_failures")
        for text in verdict[word]
    ]


if __name__ == "__main__":
    sys.exit(main())
