"""The server's side dies: a session, the whole server, its disk.  The run goes on by itself, or says how to go on."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psycopg
import pytest
from support.cli import environment, pgraduate
from support.processes import await_end, below
from support.server import PrivateServer
from support.soak import Tally, count, tallied
from support.sources import make_shop

ROWS = 40_000
SEEDS = range(count(5, full=70))

RUN = """
import sys
from pgraduate.copy import loader, parallel
loader.CHUNK_ROWS = loader.BATCH_ROWS = 2000
parallel.WORTH_BYTES = 1
loader.SMALL_BYTES = 0
if sys.argv.pop(1) == "chunks":
    loader.FREEZE_BYTES = 0
sys.argv[0] = "pgraduate"
from pgraduate.cli import main
main()
"""
"""The command line with chunks so small that a kill falls between two of them, and no file too small to be divided."""


@dataclass(frozen=True)
class Way:
    """How the rows travel: over so many connections; each table in chunks that commit, or whole."""

    jobs: int
    tables: Literal["chunks", "whole"] = "chunks"


WAYS = (Way(1), Way(3), Way(1, "whole"))


def start(source: Path, target: str, cwd: Path, way: Way, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, way.tables, "run", str(source), "--to", target, "--jobs", str(way.jobs), *more],
        cwd=cwd,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def when_copying(target: str, moment: random.Random, way: Way = WAYS[0]) -> dict[tuple[str, int], str]:
    """Wait until some chunks are committed, or some of a whole table is on its way, and a moment longer; give the chunks
    that are committed, with the transaction of each."""
    wanted = moment.randrange(1, 15) if way.tables == "chunks" else 1
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = chunks(target)
        if len(found) >= wanted or (way.tables == "whole" and copies(target)):
            time.sleep(moment.uniform(0, 0.05))
            return found
        time.sleep(0.01 if way.tables == "chunks" else 0.001)
    raise AssertionError("the run never began to copy")


def copies(target: str) -> bool:
    with psycopg.connect(target, autocommit=True) as connection:
        query = "SELECT EXISTS (SELECT FROM pg_stat_progress_copy WHERE datname = current_database())"
        return connection.execute(query).fetchone() == (True,)


def chunks(target: str) -> dict[tuple[str, int], str]:
    with psycopg.connect(target, autocommit=True) as connection:
        row = connection.execute("SELECT to_regclass('pgraduate.chunk')").fetchone()
        if row is None or row[0] is None:
            return {}
        found = connection.execute("SELECT table_name, chunk, xmin::text FROM pgraduate.chunk").fetchall()
    return {(table, number): transaction for table, number, transaction in found}


def require_whole(
    process: subprocess.Popen[str], target: str, cwd: Path, before: dict[tuple[str, int], str]
) -> None:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, out + err
    assert "trying again" in err
    after = chunks(target)
    assert {key: after[key] for key in before} == before, "a finished chunk was copied twice"
    verified = pgraduate("verify", "--to", target, "--json", cwd=cwd)
    assert (verified.code, verified.document["verdict"]) == (0, "equal"), verified.err


@pytest.fixture(scope="module")
def ended() -> Iterator[Tally]:
    with tallied("Runs whose sessions are ended at a random moment, which go on") as counting:
        yield counting


@pytest.mark.parametrize("seed", SEEDS)
def test_a_run_whose_sessions_are_ended_goes_on(
    seed: int, server: PrivateServer, target: str, tmp_path: Path, ended: Tally
) -> None:
    print(f"seed {seed}")
    with ended.trying():
        shop = make_shop(tmp_path / "shop.db", purchases=ROWS)
        way = WAYS[seed % len(WAYS)]
        process = start(shop, target, tmp_path, way)
        before = when_copying(target, random.Random(seed), way)
        assert server.terminate(target) > 0
        require_whole(process, target, tmp_path, before)


@pytest.fixture(scope="module")
def crashed() -> Iterator[Tally]:
    with tallied("Runs whose server crashes at a random moment, which go on when it is back") as counting:
        yield counting


@pytest.mark.parametrize("seed", SEEDS)
def test_a_run_whose_server_crashes_goes_on_when_it_is_back(
    seed: int, mortal: PrivateServer, tmp_path: Path, crashed: Tally
) -> None:
    print(f"seed {seed}")
    with crashed.trying(), mortal.database() as target:
        shop = make_shop(tmp_path / "shop.db", purchases=ROWS)
        way = WAYS[seed % len(WAYS)]
        process = start(shop, target, tmp_path, way)
        when_copying(target, random.Random(seed), way)
        mortal.crash()
        before = {}  # a commit that did not wait for the log may have gone with the crash
        require_whole(process, target, tmp_path, before)


def test_an_interrupt_ends_several_processes_and_says_how_to_go_on(target: str, tmp_path: Path) -> None:
    shop = make_shop(tmp_path / "shop.db", purchases=ROWS)
    process = start(shop, target, tmp_path, Way(3))
    when_copying(target, random.Random(1))
    others = below(process.pid)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 8, err
    assert "the same command goes on" in err
    await_end(others)
    assert pgraduate("run", shop, "--to", target, cwd=tmp_path).code == 0


@pytest.mark.parametrize("way", WAYS)
def test_a_full_disk_is_named_and_the_same_command_goes_on(server: PrivateServer, tmp_path: Path, way: Way) -> None:
    disk = Path(tempfile.mkdtemp(prefix="pgraduate-disk", dir="/tmp"))
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk], capture_output=True)
    if mounted.returncode != 0:
        disk.rmdir()
        pytest.skip("a small disk cannot be mounted here: this needs root")
    try:
        if os.geteuid() == 0:
            shutil.chown(disk, "nobody", "nogroup")
        _fill(server, disk, tmp_path, way)
    finally:
        subprocess.run(["umount", disk], check=True)
        disk.rmdir()


def _fill(server: PrivateServer, disk: Path, cwd: Path, way: Way) -> None:
    shop = make_shop(cwd / "shop.db", purchases=150_000)
    with server.database() as target, psycopg.connect(server.superuser, autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE small LOCATION '{disk}'")
        try:
            name = psycopg.conninfo.conninfo_to_dict(target)["dbname"]
            connection.execute("GRANT CREATE ON TABLESPACE small TO PUBLIC")
            connection.execute(f"ALTER DATABASE {name} SET default_tablespace = small")
            process = start(shop, target, cwd, way, "--json")
            out, err = process.communicate(timeout=120)
            assert process.returncode == 7, err
            error = json.loads(out)["error"]
            assert error["message"] == "the server's disk is full (53100 DiskFull)"
            assert error["where"] == "table shop.purchase"
            subprocess.run(["mount", "-o", "remount,size=200m", disk], check=True)
            again = pgraduate("run", shop, "--to", target, "--json", cwd=cwd)
            assert (again.code, again.document["verdict"]) == (0, "equal"), again.err
        finally:
            connection.execute(f"ALTER DATABASE {name} RESET default_tablespace")
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            connection.execute("DROP TABLESPACE small")
            connection.execute(f"CREATE DATABASE {name}")
