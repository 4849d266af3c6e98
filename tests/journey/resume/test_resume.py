"""Killed at any moment, the same command ends equal and copies nothing twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from support.cli import environment, pgraduate
from support.soak import Tally, count, tallied
from support.sources import make_shop

ROWS = 60_000


def _start(source: Path, target: str, cwd: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "pgraduate", "run", str(source), "--to", target],
        cwd=cwd,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture(scope="module")
def tally() -> Iterator[Tally]:
    with tallied("Runs killed at a random moment and resumed") as counting:
        yield counting


@pytest.mark.parametrize("seed", range(count(5, full=200)))
def test_killed_at_a_random_moment_the_same_command_ends_equal(
    seed: int, tmp_path: Path, target: str, tally: Tally
) -> None:
    with tally.trying():
        _kill_and_resume(seed, tmp_path, target)


def _kill_and_resume(seed: int, tmp_path: Path, target: str) -> None:
    shop = make_shop(tmp_path / "shop.db", purchases=ROWS)
    moment = random.Random(seed).uniform(0.3, 1.0) * _typical(tmp_path, target, shop)
    print(f"seed {seed}: kill after {moment:.3f} s")
    process = _start(shop, target, tmp_path)
    time.sleep(moment)
    process.send_signal(signal.SIGKILL)
    process.wait()
    result = pgraduate("run", shop, "--to", target, "--json", cwd=tmp_path)
    if result.code == 5:  # the run had finished before the kill came
        result = pgraduate("verify", "--to", target, "--json", cwd=tmp_path)
    assert result.code == 0, result.err
    assert result.document["verdict"] == "equal"
    with psycopg.connect(target) as connection:
        copied = connection.execute("SELECT sum(row_count)::bigint FROM pgraduate.chunk").fetchone()
    assert copied == (ROWS + 70,)


_known: list[float] = []


def _typical(tmp_path: Path, target: str, shop: Path) -> float:
    """How long the run takes here, measured once, so that the kills fall all over it."""
    if not _known:
        started = time.monotonic()
        assert _start(shop, target, tmp_path).wait(120) == 0
        _known.append(time.monotonic() - started)
        assert pgraduate("undo", "--to", target, cwd=tmp_path).code == 0
    return _known[0]


def test_interrupted_by_the_user_it_says_how_to_go_on(tmp_path: Path, target: str) -> None:
    shop = make_shop(tmp_path / "shop.db", purchases=ROWS)
    process = subprocess.Popen(
        [sys.executable, "-m", "pgraduate", "run", str(shop), "--to", target],
        cwd=tmp_path,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("copy: copy"):
            break
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 8, err
    assert "the same command goes on" in err
    assert pgraduate("run", shop, "--to", target, cwd=tmp_path).code == 0
