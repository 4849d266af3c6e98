"""A server thrown away at the end of its work, and by the next one where its process was killed."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pgraduate.tune.throwaway import OWNER, PREFIX, sweep, throwaway

WORK = """
import sys, tempfile, time
from pgraduate.tune.throwaway import throwaway
tempfile.tempdir = sys.argv[1]
with throwaway("clone", {}) as server:
    print(server.start().pid, flush=True)
    time.sleep(600)
"""


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A short directory that the server's account reaches, as TMPDIR is."""
    directory = Path(tempfile.mkdtemp(prefix="pgraduate-test-"))
    directory.chmod(0o755)
    monkeypatch.setattr(tempfile, "tempdir", str(directory))
    yield directory
    shutil.rmtree(directory)


def test_a_killed_owners_server_is_stopped_and_removed_by_the_next(place: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", WORK, str(place)], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        postmaster = int(owner.stdout.readline())
        assert sweep() == ()  # its owner lives
        owner.send_signal(signal.SIGKILL)
    (leftover,) = sweep()
    assert (leftover.purpose, leftover.process) == ("clone", owner.pid)
    assert list(place.iterdir()) == []
    assert not _is_running(postmaster)


def _is_running(process: int) -> bool:
    """A process that ended and that nobody has waited for has no command line any more."""
    path = Path(f"/proc/{process}/cmdline")
    return path.exists() and path.read_bytes() != b""


def test_what_is_not_of_this_kind_is_left_alone(place: Path) -> None:
    other = place / f"{PREFIX}other"
    other.mkdir()
    (place / "kept").mkdir()
    (place / f"{PREFIX}link").symlink_to(place / "kept")
    (place / "kept" / OWNER).write_text("{}")
    assert sweep() == ()
    assert sorted(path.name for path in place.iterdir()) == sorted(["kept", other.name, f"{PREFIX}link"])


def test_nothing_is_left_after_the_work(place: Path) -> None:
    with throwaway("clone", {}):
        assert len(list(place.iterdir())) == 1
    assert list(place.iterdir()) == []
