"""Which processes have a database open, or a lock on it, as this machine's /proc tells.

An idle writer of a rollback-journal database holds no lock, so open files are asked, not locks alone.  What may not be
seen (processes of other users, other machines, other containers) is counted or said, never taken as nobody.  Source:
proc(5).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_COMPANIONS = ("", "-wal", "-shm", "-journal")
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Handle:
    """A process that has the database, or a file beside it, open or locked."""

    pid: int
    command: str
    file: str
    how: str


@dataclass(frozen=True, slots=True)
class Handles:
    """`unseen` counts the processes whose open files this user may not list; None where there is no /proc at all."""

    found: tuple[Handle, ...]
    unseen: int | None


def open_handles(path: Path) -> Handles:
    """Ask all processes but this one; nothing is opened."""
    files = _files(path)
    if not (_PROC / "self" / "fd").is_dir():
        return Handles((), None)
    found: dict[tuple[int, str], Handle] = {}
    unseen = 0
    for pid in _processes():
        try:
            opened = set(_opened(pid, files))
        except PermissionError:
            unseen += 1
            continue
        for file in sorted(opened):
            found[(pid, file)] = Handle(pid, _command(pid), file, "open")
    for pid, file in _locked(files):
        found.setdefault((pid, file), Handle(pid, _command(pid), file, "locked"))
    return Handles(tuple(found.values()), unseen)


def _files(path: Path) -> dict[tuple[int, int], str]:
    """Name the database and its companions by device and inode."""
    files = {}
    for suffix in _COMPANIONS:
        try:
            status = path.with_name(path.name + suffix).stat()
        except FileNotFoundError:
            continue
        files[(status.st_dev, status.st_ino)] = path.name + suffix
    return files


def _processes() -> Iterator[int]:
    own = os.getpid()
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and int(entry.name) != own:
            yield int(entry.name)


def _opened(pid: int, files: dict[tuple[int, int], str]) -> Iterator[str]:
    directory = _PROC / str(pid) / "fd"
    try:
        descriptors = list(directory.iterdir())
    except (FileNotFoundError, ProcessLookupError):
        return
    for descriptor in descriptors:
        try:
            status = descriptor.stat()
        except (FileNotFoundError, ProcessLookupError, NotADirectoryError):
            continue
        except OSError as error:
            if isinstance(error, PermissionError):
                raise
            continue  # the file behind this descriptor does not answer: it is on another file system
        if (name := files.get((status.st_dev, status.st_ino))) is not None:
            yield name


def _locked(files: dict[tuple[int, int], str]) -> Iterator[tuple[int, str]]:
    """Read the kernel's table of locks, which names the holders among all users' processes."""
    try:
        lines = (_PROC / "locks").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        fields = line.replace("->", " ").split()
        place = next((field.split(":") for field in fields if field.count(":") == 2), None)
        if place is None:
            continue
        major, minor, inode = place
        key = (os.makedev(int(major, 16), int(minor, 16)), int(inode))
        pid = int(fields[4])
        if key in files and pid not in (os.getpid(), 0):
            yield pid, files[key]


def _command(pid: int) -> str:
    try:
        return (_PROC / str(pid) / "comm").read_text(errors="replace").strip()
    except OSError:
        return "?"
