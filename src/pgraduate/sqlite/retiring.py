"""Putting something else in a database's place, in the child process, while nobody can write it.

The exchange of two names is one act of the file system (renameat2): at no moment is the name free, so no writer can make
an empty database there.  It happens under SQLite's EXCLUSIVE lock and only if the file is still in the state that was
archived.
"""

from __future__ import annotations

import ctypes
import errno
import os
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import apsw

from pgraduate.errors import PgraduateError, Refused, SourceUnusable
from pgraduate.sqlite import header
from pgraduate.sqlite.names import file_uri
from pgraduate.sqlite.sealed import harden

COMPANIONS = ("-wal", "-shm", "-journal")
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_WAL_HEADER = 32


@dataclass(frozen=True, slots=True)
class State:
    """What tells two states of a database apart: inode, size and time of file and -wal, SQLite's change counter, and
    the salts of the -wal.  A -wal without content is none."""

    inode: int
    bytes: int
    changed_ns: int
    change_counter: int
    wal_bytes: int
    wal_changed_ns: int
    wal_start: str

    @property
    def of_the_file(self) -> tuple[int, ...]:
        """What stat alone tells."""
        return (self.inode, self.bytes, self.changed_ns, self.wal_bytes, self.wal_changed_ns)


def state(path: Path) -> State:
    """Read a database's state; no SQLite connection may be open on it in this process."""
    with path.open("rb") as file:
        first = file.read(header.SIZE)
    wal = _wal_start(path)
    inode, size, changed, wal_bytes, wal_changed = _stat(path)
    return State(inode, size, changed, int.from_bytes(first[24:28], "big"), wal_bytes, wal_changed, wal.hex())


def exchange(path: Path, other: Path, expected: State) -> None:
    """Give `path` what stands at `other` and `other` the database, if the database is still as expected.

    Raises Refused where it changed or somebody has it locked, and where the file system cannot exchange names.
    """
    if state(path) != expected:
        raise _changed(path)
    uri = file_uri(path, mode="rw")
    with closing(apsw.Connection(uri, flags=apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_URI)) as connection:
        harden(connection)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except apsw.BusyError as error:
            raise Refused("another process has the database locked", where=str(path)) from error
        except apsw.Error as error:
            raise SourceUnusable(f"SQLite cannot lock the file: {error}", where=str(path)) from error
        # Only stat from here on: a plain open() and close() would give up the lock.
        if _stat(path) != expected.of_the_file:
            raise _changed(path)
        swap(path, other)
    _flush(path.parent)


def swap(one: Path, other: Path) -> None:
    """Exchange two names in one act.  Raises Refused where the file system cannot."""
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "renameat2"):
        raise _no_exchange(one)
    if library.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE):
        code = ctypes.get_errno()
        if code in (errno.EINVAL, errno.ENOSYS, errno.EXDEV):
            raise _no_exchange(one)
        raise PgraduateError(f"the names cannot be exchanged: {os.strerror(code)}", where=str(one))


def remove_companions(path: Path) -> None:
    """Remove what lies beside a database that is gone: SQLite would read rows from a -wal without its file."""
    for suffix in COMPANIONS:
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    _flush(path.parent)


def _stat(path: Path) -> tuple[int, ...]:
    found = path.stat()
    try:
        wal = path.with_name(path.name + "-wal").stat()
    except FileNotFoundError:
        wal = None
    if wal is None or wal.st_size == 0:
        return (found.st_ino, found.st_size, found.st_mtime_ns, 0, 0)
    return (found.st_ino, found.st_size, found.st_mtime_ns, wal.st_size, wal.st_mtime_ns)


def _wal_start(path: Path) -> bytes:
    try:
        with path.with_name(path.name + "-wal").open("rb") as file:
            return file.read(_WAL_HEADER)
    except FileNotFoundError:
        return b""


def _changed(path: Path) -> Refused:
    return Refused(
        "the database changed after it was archived; it stays where it is",
        where=str(path),
        hint="find and stop the writer, then archive it again",
    )


def _no_exchange(path: Path) -> Refused:
    return Refused(
        "this file system cannot exchange two names in one act, so the original stays",
        where=str(path),
        hint="the archive is complete; move the original away by hand when nothing uses it",
    )


def _flush(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
