"""`make apps`: record the applications' statements, judge every one, write results.json and docs/applications.md.

Ends with 1 where a statement passed through unparsed or a server would not prepare a translation.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sqlite3
import sys
from pathlib import Path
from typing import Any

import psycopg
from both_engines import compare
from catalog import HERE, TREE, Application, applications
from fetch import fetch
from judge import judge
from page import POLICIES, page
from recordings import read
from suites import RECORDER, run_suite
from support.server import PrivateServer

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
    found = {}
    with PrivateServer.start() as server:
        with psycopg.connect(server.superuser) as connection:
            version = connection.info.parameter_status("server_version") or ""
        for app in chosen:
            if not options.runtime:
                suite = "" if options.recorded else _record(app, cache)
                found[app.name] = _judged(app, cache, server, suite)
            if not options.recorded and not app.local:
                fetch(app, cache)
                found.setdefault(app.name, {})["runtime"] = compare(app, cache, server)
    failed = _failed(found)
    print("\n".join(failed))
    if not options.check:
        _write(found, version.split()[0])
    return 1 if failed else 0


def _write(found: dict[str, Any], version: str) -> None:
    """Put new results beside those of the applications that were not asked for, and draw the page."""
    earlier = json.loads(RESULTS.read_text("utf-8"))["applications"] if RESULTS.is_file() else {}
    merged = {}
    for app in applications():
        result = earlier.get(app.name, {}) | {k: v for k, v in found.get(app.name, {}).items() if k != "suite" or v}
        if result:
            merged[app.name] = result
    results = {"postgresql": version, "sqlite": sqlite3.sqlite_version, "applications": merged}
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")
    PAGE.write_text(page(results), "utf-8")


def _record(app: Application, cache: Path) -> str:
    """Run an application's suite behind the recorder; give how many tests passed."""
    fetch(app, cache)
    folder = _recording(app, cache)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    said = run_suite(app, cache, RECORDER, {"PGRADUATE_RECORDING": str(folder)})
    print(f"{app.name}: {said}", flush=True)
    return re.sub(r" in [\d.]+s.*", "", said)


def _recording(app: Application, cache: Path) -> Path:
    return cache / "recording" / app.name


def _judged(app: Application, cache: Path, server: PrivateServer, suite: str) -> dict[str, Any]:
    recording = read(_recording(app, cache))
    policies = {}
    for policy in POLICIES:
        with server.database() as conninfo:
            verdict = judge(recording, conninfo, policy).document()
        refused = sum(verdict["refused"].values())
        print(
            f"{app.name}, {policy}: {verdict['translated']} of {verdict['statements']} translated, {refused} refused"
        )
        policies[policy] = verdict
    return {"version": app.version, "suite": suite, "policies": policies}


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
