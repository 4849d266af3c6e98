"""Small private files and directories, written so that a crash leaves the old or the new one, and one lock.
Whoever writes holds the lock.

What root writes below another user's directory must neither follow that user's links nor stay root's: each
file is new, made without following anything, and gets its owner before its name.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pgraduate.errors import TargetUnusable


def write_private(path: Path, text: str, *, uid: int | None = None) -> None:
    """Write a file with mode 0600 for one user, by default its directory's owner, and make it durable."""
    owner = path.parent.stat().st_uid if uid is None else uid
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            _give(file.fileno(), owner)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    make_durable(path.parent)


def make_durable(directory: Path) -> None:
    """Make the names in a directory survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def private_directory(path: Path, *, uid: int, gid: int) -> Path:
    """Make a directory with mode 0700 for one user, or accept the one that is there if it is exactly that.

    Raises TargetUnusable for a link, a file, or a directory that others own or reach.
    """
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid or found.st_mode & 0o077:
            raise TargetUnusable(
                "a private directory of the server exists and is not private",
                where=str(path),
                hint="find out who made it and remove it",
            ) from None
    else:
        if uid != os.geteuid():
            os.chown(path, uid, gid, follow_symlinks=False)
    return path


def delete(path: Path) -> None:
    """Delete a file or a directory with all that it holds; one that is gone is fine."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except FileNotFoundError:
        return


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold a lock file, waiting for whoever holds it; a process that dies lets go of it."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            _give(descriptor, path.parent.stat().st_uid)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if _is_still(path, descriptor):
                yield
                return
        finally:
            os.close(descriptor)


def _is_still(path: Path, descriptor: int) -> bool:
    """Whoever held the lock may have removed the file together with the server: then it guards nothing."""
    try:
        return os.path.samestat(path.lstat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _give(descriptor: int, uid: int) -> None:
    if os.geteuid() == 0 and os.fstat(descriptor).st_uid != uid:
        os.fchown(descriptor, uid, -1)
