"""Everything that is measured of one application, with a server of its own: a process may do it beside another."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import psycopg
from both_engines import compare
from catalog import Application
from fetch import fetch
from judge import judge
from page import POLICIES
from recordings import read
from suites import RECORDER, run_suite
from support.server import PrivateServer


def measured(app: Application, cache: Path, recorded: bool, runtime: bool) -> tuple[dict[str, Any], str]:
    """Record, judge and run an application; give the counts, and the server's version.

    `recorded` judges what the last run recorded and runs nothing, `runtime` runs the suite on both engines and nothing
    else.
    """
    found: dict[str, Any] = {}
    with PrivateServer.start() as server:
        with psycopg.connect(server.superuser) as connection:
            version = connection.info.parameter_status("server_version") or ""
        if not runtime:
            found = _judged(app, cache, server, "" if recorded else _record(app, cache))
        if not recorded and not app.local:
            fetch(app, cache)
            found["runtime"] = compare(app, cache, server)
    return found, version


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
