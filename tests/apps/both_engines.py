"""An application's suite with `pgraduate.dbapi` in the place of `sqlite3`: once on SQLite, once on PostgreSQL.

The invariant: what counts as passed on PostgreSQL is the test itself, unchanged, that passed on SQLite in the same way.
Tests whose subject is the database file stand in about_files.toml, each with the reason, and are counted beside.
"""

from __future__ import annotations

import os
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import psycopg
from catalog import HERE, TREE, Application
from judge import prepare_database
from psycopg.conninfo import make_conninfo
from suites import environment, run_pytest, tidied
from support.server import PrivateServer

HOOK = HERE / "runtime"
_PACKAGES = (f"--editable={TREE}",)
_TEMPLATE = "prepared"


def compare(app: Application, cache: Path, server: PrivateServer) -> dict[str, Any]:
    """Run the suite twice and give the counts, and the names of the tests that pass on SQLite alone."""
    _make_template(server)
    on_sqlite = _passed(app, cache, {"DB_TYPE": "sqlite", "PGRADUATE_RUNTIME": ""})
    on_postgresql = _passed(
        app,
        cache,
        {
            "DB_TYPE": "postgresql",
            "POSTGRES_HOST": str(server.directory),
            "POSTGRES_USER": "owner",
            "POSTGRES_DB": _TEMPLATE,
            "PGRADUATE_RUNTIME": server.superuser,
        },
    )
    about_files = set(reasons(app)) & on_sqlite
    return {
        "sqlite": len(on_sqlite),
        "postgresql": len(on_sqlite & on_postgresql),
        "about_files": len(about_files),
        "about_files_passed": len(about_files & on_postgresql),
        "failed": sorted(on_sqlite - on_postgresql - about_files),
    }


def reasons(app: Application) -> Mapping[str, str]:
    """Give the tests whose subject is the database file, with the reasons."""
    listed: dict[str, dict[str, str]] = tomllib.loads((HERE / "about_files.toml").read_text("utf-8"))
    return listed.get(app.name, {})


def _passed(app: Application, cache: Path, variables: Mapping[str, str]) -> set[str]:
    with tidied(app.root(cache)), tempfile.TemporaryDirectory() as work:
        report = Path(work) / "report.xml"
        clean = {
            name: "" for name in ("DATABASE_URL", "POSTGRES_PORT", "POSTGRES_PASSWORD") if os.environ.get(name)
        }
        _install_hook(app, cache)
        done = run_pytest(
            app,
            cache,
            HOOK,
            {**clean, **_places(Path(work)), **variables},
            ["-p", "pgraduate_each_test", f"--junitxml={report}"],
            packages=_PACKAGES,
        )
        last = done.stdout.strip().splitlines()[-1:] or [done.stderr[-500:]]
        print(f"{app.name} on {variables['DB_TYPE']}: {last[0].strip('= ')}", flush=True)
        (cache / f"{app.name}.{variables['DB_TYPE']}.log").write_text(done.stdout + done.stderr, "utf-8")
        if not report.is_file():
            sys.exit(f"{app.name}: pytest wrote no report:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return {
            f"{case.get('classname')}::{case.get('name')}"
            for case in ElementTree.parse(report).iter("testcase")
            if not any(case.find(outcome) is not None for outcome in ("failure", "error", "skipped"))
        }


def _places(work: Path) -> dict[str, str]:
    """Give each run directories of its own for what the tests write outside of theirs: no run shall find another's."""
    found = {name: work / name.lower() for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME")}
    for folder in found.values():
        folder.mkdir()
    return {name: str(folder) for name, folder in found.items()}


def _install_hook(app: Application, cache: Path) -> None:
    python = environment(app, cache, _PACKAGES)
    (packages,) = python.parents[1].glob("lib/python*/site-packages")
    (packages / "pgraduate_runtime_hook.pth").write_text(f"{HOOK}\nimport pgraduate_substituted\n", "utf-8")


def _make_template(server: PrivateServer) -> None:
    with psycopg.connect(server.superuser, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (_TEMPLATE,)).fetchone():
            return
        connection.execute(
            f"CREATE DATABASE {_TEMPLATE} OWNER owner TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
        )
    prepare_database(make_conninfo("", host=str(server.directory), user="owner", dbname=_TEMPLATE))
