"""Who else is at work on a database file, asked and held with SQLite's own lock bytes.

All of it runs in the child process while no SQLite connection to the file is open there, because closing any
descriptor of a file gives up the process's locks on it.  Sources: os.h and os_unix.c of SQLite.
"""

from __future__ import annotations

import errno
import fcntl
import os
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pgraduate.errors import SourceUnusable

_PENDING = 0x40000000
_RESERVED = _PENDING + 1
_SHARED = _PENDING + 2
_SHARED_SIZE = 510
_SHM_DEAD_MANS_SWITCH = 128
_FLOCK = "hhqqi"


def hot_journal(path: Path) -> bool:
    """Whether a rollback journal waits beside the file for somebody to roll it back.

    SQLite's rule: it exists, does not begin with a zero byte, and nobody holds the RESERVED lock.
    """
    journal = path.with_name(path.name + "-journal")
    try:
        with journal.open("rb") as file:
            first = file.read(1)
    except FileNotFoundError:
        return False
    except PermissionError as error:
        raise SourceUnusable(
            "the rollback journal beside the database may not be read by this user",
            where=str(journal),
            hint="run as the file's owner: without its journal the database may be half-written",
        ) from error
    return first not in (b"", b"\x00") and _holder(path, _RESERVED, 1) is None


def attached(path: Path) -> bool:
    """Whether another process has the database open in WAL mode: it holds SHARED, or has mapped the -shm."""
    if _holder(path, _SHARED, _SHARED_SIZE) is not None:
        return True
    try:
        return _holder(path.with_name(path.name + "-shm"), _SHM_DEAD_MANS_SWITCH, 1) is not None
    except (FileNotFoundError, PermissionError):
        return False


def locked(path: Path, waited: float) -> SourceUnusable:
    """Make the error for a source that a writer did not let go of, naming the process where the system does."""
    holder = _holder(path, _PENDING, 2) or _holder(path, _SHARED, _SHARED_SIZE)
    by = f" by process {holder}{_command(holder)}" if holder and holder > 0 else " by another process"
    return SourceUnusable(
        f"the database is locked{by}, and stayed so for {waited:.0f} s",
        where=str(path),
        hint="let its transaction end, or stop it, and try again",
    )


@contextmanager
def shared(path: Path, patience: float) -> Iterator[int]:
    """Hold SQLite's SHARED lock on a plain descriptor, which is given; writers wait as for any reader.

    `patience` is in seconds; raises SourceUnusable when a writer does not let go in that time.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        deadline = time.monotonic() + patience
        while not _take_shared(descriptor):
            if time.monotonic() > deadline:
                raise locked(path, patience)
            time.sleep(0.05)
        yield descriptor
    finally:
        os.close(descriptor)


def remove_traces(path: Path, before: frozenset[str]) -> None:
    """Remove the -shm and the empty -wal that our reading made, unless somebody else has the database open.

    Under an EXCLUSIVE lock nobody can be attached, and nobody can attach: this is how SQLite's last connection
    removes them.  Where that lock cannot be had, the files belong to somebody else by now, and stay.
    """
    made = [
        companion
        for suffix in ("-wal", "-shm")
        if suffix not in before and (companion := path.with_name(path.name + suffix)).exists()
    ]
    if not made:
        return
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return
    try:
        for start, length in ((_PENDING, 1), (_SHARED, _SHARED_SIZE)):
            if not _try_lock(descriptor, fcntl.F_WRLCK, start, length):
                return
        if any(companion.name.endswith("-wal") and companion.stat().st_size for companion in made):
            return
        for companion in made:
            companion.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _take_shared(descriptor: int) -> bool:
    """SQLite's protocol: a passing lock on PENDING keeps readers from starving a writer."""
    if not _try_lock(descriptor, fcntl.F_RDLCK, _PENDING, 1):
        return False
    try:
        return _try_lock(descriptor, fcntl.F_RDLCK, _SHARED, _SHARED_SIZE)
    finally:
        _try_lock(descriptor, fcntl.F_UNLCK, _PENDING, 1)


def _try_lock(descriptor: int, kind: int, start: int, length: int) -> bool:
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLK, struct.pack(_FLOCK, kind, os.SEEK_SET, start, length, 0))
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN):
            return False
        raise
    return True


def _holder(path: Path, start: int, length: int) -> int | None:
    """Give a process that holds any lock in a range of bytes; ask only, lock nothing.

    The number is not positive where the system cannot name the process: an open-file-description lock, or a
    process outside this PID namespace.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        question = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, start, length, 0)
        kind, _, _, _, holder = struct.unpack(_FLOCK, fcntl.fcntl(descriptor, fcntl.F_GETLK, question))
        return None if kind == fcntl.F_UNLCK else int(holder)
    finally:
        os.close(descriptor)


def _command(process: int) -> str:
    try:
        return f" ({Path(f'/proc/{process}/comm').read_text().strip()})"
    except OSError:
        return ""
