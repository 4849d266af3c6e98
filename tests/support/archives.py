"""An archive made without a server, and a process that dies at a chosen act on the file system while it makes one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pgraduate.archive import Made, Request, Shelf, make, plan_retirement, prove
from pgraduate.archive.tombstone import RetireOriginal
from pgraduate.events import Silence
from pgraduate.model.operation import Plan

WINDOW = 0.1


def archive(path: Path, shelf: Path) -> Made:
    """Prove and archive a database."""
    prove(path, window=WINDOW)
    return make(Request(path, "20260102-030405-678"), Shelf(shelf), sink=Silence())


def retirement(path: Path, shelf: Path) -> Plan:
    """Archive a database and plan its retirement."""
    proof = prove(path, window=WINDOW)
    made = make(Request(path, "20260102-030405-678"), Shelf(shelf), sink=Silence())
    return plan_retirement(path, made.directory, proof.state, None)


def archive_and_retire(path: Path, shelf: Path) -> None:
    """The whole way of `archive --remove`, or the rest of it where an earlier process died on the way."""
    if path.is_dir():
        name = Shelf(shelf).names()[-1]
        plan = plan_retirement(path, shelf / name, None, None)  # type: ignore[arg-type]
    else:
        plan = retirement(path, shelf)
    RetireOriginal().apply(path.parent, plan)


_PROGRAM = """
import os, signal, sys
from pathlib import Path
from support.archives import archive_and_retire
ACTS = {"open", "os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "subprocess.Popen"}
left = int(sys.argv[3])
acts = 0
def hook(event, arguments):
    global acts
    if event in ACTS:
        acts += 1
        if acts == left:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
archive_and_retire(Path(sys.argv[1]), Path(sys.argv[2]))
print(acts)
"""


def in_a_process(path: Path, shelf: Path, *, dies_at: int) -> tuple[int, str]:
    """Archive and retire in a process that kills itself at its n-th act (0: never); give its status and output."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, path, shelf, str(dies_at)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, -9), done.stderr
    return done.returncode, done.stdout.strip()
