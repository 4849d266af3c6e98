"""Opening a live source to read it, without a trace: the child process's way in.

Three ways, in this order.  A hot rollback journal, or a -wal that no living process cares for, is recovered on a
private copy, never in place.  Anything else is opened where it lies, `mode=ro`, never `immutable`.  Where SQLite
cannot do that (a WAL database in a directory that may not be written), a private copy serves again.

The invariant: the source's bytes, its -wal and its directory are afterwards what they were; a -shm or an empty
-wal that reading made is removed under the same EXCLUSIVE lock under which SQLite removes them itself.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import apsw

from pgraduate.errors import Refused, SourceUnusable
from pgraduate.sqlite import header, locks
from pgraduate.sqlite.header import Header
from pgraduate.sqlite.names import file_uri
from pgraduate.sqlite.private_copy import copy_privately
from pgraduate.sqlite.sealed import harden, schema_error

BUSY_MILLISECONDS = 5000
"""How long a reader waits for a writer: sqlite3's own default in Python."""

_URL = re.compile(r"(?:sqlite3?(?:\+\w+)?|file):(.*)", re.DOTALL)
"""The part of a path that begins a URL: `sqlite:///app.db` (SQLAlchemy, Rails), `file:app.db`."""

_UNREADABLE_IN_PLACE = (apsw.CantOpenError, apsw.ReadOnlyError)


@dataclass(frozen=True, slots=True)
class Access:
    """A connection inside a read transaction; `first` is the header as the file has it."""

    connection: apsw.Connection
    first: Header


@contextmanager
def reading(path: Path, work: Path) -> Iterator[Access]:
    """Hold a read transaction on a source; `work` is a private directory for copies.

    Raises SourceUnusable for everything that keeps a source from being read whole.
    """
    path = Path(os.path.realpath(path))
    first = look(path)
    before = _companions(path)
    with errors_explained(path):
        try:
            with closing(_open(path, work, first)) as connection:
                yield Access(connection, first)
        finally:
            locks.remove_traces(path, before)


def look(path: Path) -> Header:
    """Check what can be checked before SQLite is asked: existence, kind, permission, size and magic."""
    first_bytes = read_start(path)
    if not first_bytes:
        raise SourceUnusable(
            "the file is empty",
            where=str(path),
            hint="is it the right path? SQLite makes empty files for wrong ones",
        )
    first = header.parse(first_bytes)
    if first is None and first_bytes.startswith(header.MAGIC):
        raise _truncated(path, f"it ends after {len(first_bytes)} bytes, inside its header")
    if first is None:
        raise _not_a_database(path)
    return first


def read_start(path: Path) -> bytes:
    """Read the first bytes of a regular file.  Raises SourceUnusable where there is none or it may not be read."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise SourceUnusable("there is no such file", where=str(path), hint=_spelling(path)) from error
    except OSError as error:
        raise SourceUnusable(f"the file cannot be reached: {error.strerror}", where=str(path)) from error
    if stat.S_ISDIR(status.st_mode):
        raise SourceUnusable("this is a directory", where=str(path), hint="name the database file in it")
    if not stat.S_ISREG(status.st_mode):
        raise SourceUnusable("this is not a regular file but a pipe, socket or device", where=str(path))
    try:
        with path.open("rb") as file:
            return file.read(header.SIZE)
    except PermissionError as error:
        raise SourceUnusable(
            "the file may not be read by this user",
            where=str(path),
            hint="run as the file's owner, or give this user read permission",
        ) from error


def _spelling(path: Path) -> str:
    """Say how a file is named that was named by its URL, as settings of applications do."""
    for place, part in enumerate(path.parts):
        if found := _URL.fullmatch(part):
            inside = Path(found[1], *path.parts[place + 1 :])
            inside = Path(str(inside).partition("?")[0])
            rooted = Path("/", inside)
            return f"name the file, not its URL: {rooted if rooted.exists() else inside}"
    return "check the path"


def _not_a_database(path: Path) -> SourceUnusable:
    return SourceUnusable(
        "the file is not a SQLite 3 database, or it is encrypted",
        where=str(path),
        hint="decrypt an encrypted database first (SQLCipher: sqlcipher_export)",
    )


def _open(path: Path, work: Path, first: Header) -> apsw.Connection:
    if _needs_copy(path, first):
        return _open_copy(path, work)
    try:
        return _open_in_place(path)
    except _UNREADABLE_IN_PLACE:
        return _open_copy(path, work)


def _needs_copy(path: Path, first: Header) -> bool:
    """Whether a crashed writer left a journal or a -wal behind and nobody is at work on it.

    A WAL database that nobody has open is copied as well where we could not remove the -shm that reading makes.
    """
    if not first.wal:
        return locks.hot_journal(path)
    if locks.attached(path):
        return False
    wal = _beside(path, "-wal")
    return (wal.exists() and wal.stat().st_size > 0) or not os.access(path, os.W_OK)


def _open_in_place(path: Path) -> apsw.Connection:
    connection = apsw.Connection(file_uri(path, mode="ro"), flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)
    try:
        _begin(connection)
    except apsw.Error:
        connection.close()
        raise
    return connection


def _open_copy(path: Path, work: Path) -> apsw.Connection:
    copy = copy_privately(path, work, patience=BUSY_MILLISECONDS / 1000)
    connection = apsw.Connection(file_uri(copy, mode="rw"), flags=apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_URI)
    try:
        _begin(connection)
    except apsw.Error:
        connection.close()
        raise
    return connection


def _begin(connection: apsw.Connection) -> None:
    """Start the read transaction; a bare BEGIN takes no snapshot before the first read."""
    harden(connection)
    connection.set_busy_timeout(BUSY_MILLISECONDS)
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM main.sqlite_schema").fetchall()


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _companions(path: Path) -> frozenset[str]:
    return frozenset(suffix for suffix in ("-wal", "-shm") if _beside(path, suffix).exists())


@contextmanager
def errors_explained(path: Path) -> Iterator[None]:
    try:
        yield
    except apsw.BusyError as error:
        raise locks.locked(path, BUSY_MILLISECONDS / 1000) from error
    except apsw.NotADBError as error:
        raise _not_a_database(path) from error
    except (apsw.CorruptError, apsw.SQLError) as error:
        if "malformed database schema" in str(error) or isinstance(error, apsw.SQLError):
            raise schema_error(error, path) from error
        raise damaged(path, str(error)) from error
    except apsw.FullError as error:
        raise _disk_full(path) from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _disk_full(path) from error
        raise SourceUnusable(f"the file cannot be read: {error.strerror}", where=str(path)) from error
    except apsw.Error as error:
        raise SourceUnusable(f"SQLite cannot read the file: {error}", where=str(path)) from error


def damaged(path: Path, said: str) -> SourceUnusable:
    """Tell a file that was cut short from one whose pages are wrong."""
    first = look(path)
    size = path.stat().st_size
    if size < first.claimed_bytes:
        return _truncated(path, f"it has {size:,} of {first.claimed_bytes:,} bytes")
    return SourceUnusable(
        f"the database is corrupt: {said}",
        where=str(path),
        hint="restore a backup, or let sqlite3's .recover write what is left into a new file",
    )


def _truncated(path: Path, extent: str) -> SourceUnusable:
    return SourceUnusable(
        f"the file is truncated: {extent}",
        where=str(path),
        hint="fetch it again, or restore a backup; sqlite3's .recover saves what is left",
    )


def _disk_full(path: Path) -> Refused:
    return Refused("the disk is full", where=str(path), hint="make room for a copy of the source")
