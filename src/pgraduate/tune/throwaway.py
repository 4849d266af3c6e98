"""A server for one piece of work, thrown away at its end; what a killed process leaves is thrown away by the next.

Its directory names its owner in a file that the owner keeps locked: the kernel gives the lock back however a process
ends, so that a leftover is told from a server that is still at work without trusting a process number.  The invariant:
only directories of this user, with such a file, are ever removed.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pgraduate.cluster import Embedded

PREFIX = "pgraduate-throwaway-"
OWNER = "owner.json"


@dataclass(frozen=True, slots=True)
class Leftover:
    """A server that was found and removed: what it was for, whose process made it, and how old it is in seconds."""

    purpose: str
    process: int
    age: float

    def __str__(self) -> str:
        return f"a {self.purpose} that process {self.process} left {self.age / 60:,.0f} minutes ago"


@contextmanager
def throwaway(purpose: str, settings: Mapping[str, str]) -> Iterator[Embedded]:
    """Give a server that is not made yet, in a directory of its own; stop and delete all of it afterwards."""
    directory = Path(tempfile.mkdtemp(prefix=PREFIX))
    descriptor = _own(directory, purpose)
    server = Embedded(directory / "server", fsync=False, settings=settings)
    try:
        yield server
    finally:
        _delete(directory)
        os.close(descriptor)


def sweep() -> tuple[Leftover, ...]:
    """Remove what killed processes of this user left, and say what it was; servers at work are left alone."""
    found = []
    for directory in sorted(Path(tempfile.gettempdir()).glob(PREFIX + "*")):
        descriptor = _take_over(directory)
        if descriptor is None:
            continue
        try:
            found.append(_leftover(directory))
            _delete(directory)
        finally:
            os.close(descriptor)
    return tuple(found)


def _own(directory: Path, purpose: str) -> int:
    """Write the owner's file and give its descriptor, locked before the file has its name."""
    new = directory / (OWNER + ".new")
    descriptor = os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    os.write(descriptor, json.dumps({"purpose": purpose, "process": os.getpid(), "at": time.time()}).encode())
    new.replace(directory / OWNER)
    return descriptor


def _take_over(directory: Path) -> int | None:
    """Give the owner's file, locked, where its owner is gone; None where it lives, or where this is not ours."""
    try:
        status = directory.lstat()
        if directory.is_symlink() or not directory.is_dir() or status.st_uid != os.geteuid():
            return None
        descriptor = os.open(directory / OWNER, os.O_RDWR | os.O_NOFOLLOW)
    except (FileNotFoundError, PermissionError, NotADirectoryError):
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _leftover(directory: Path) -> Leftover:
    try:
        owner = json.loads((directory / OWNER).read_text("utf-8"))
        return Leftover(str(owner["purpose"]), int(owner["process"]), max(time.time() - float(owner["at"]), 0.0))
    except (ValueError, KeyError, TypeError, OSError):
        return Leftover("server", 0, max(time.time() - directory.lstat().st_mtime, 0.0))


def _delete(directory: Path) -> None:
    """Stop the server and delete what it made, wherever its data lie; the owner's file goes last."""
    if (directory / "server").exists():
        Embedded(directory / "server").remove()
    for path in directory.iterdir():
        if path.name != OWNER:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    shutil.rmtree(directory, ignore_errors=True)
