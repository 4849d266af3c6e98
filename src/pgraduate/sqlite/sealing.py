"""Making the sealed copy, in the child process.

The online backup API copies pages, so rowids, free pages and all stay as they are.  It runs inside the source's
read transaction: every step then sees the same moment, and a busy writer can neither restart nor tear the copy.
In WAL mode the writer does not notice; in rollback-journal mode it waits as for any reader.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw

from pgraduate.errors import SourceUnusable
from pgraduate.sqlite.access import damaged, errors_explained, reading
from pgraduate.sqlite.integrity import damage
from pgraduate.sqlite.names import file_uri
from pgraduate.sqlite.private_copy import require_room
from pgraduate.sqlite.sealed import harden

Progress = Callable[[int, int, str], None]
"""Bytes done, bytes in all, what is being done."""

_STEP_BYTES = 16 << 20


def seal(path: Path, to: Path, work: Path, progress: Progress) -> dict[str, Any]:
    """Copy, check, flush and rename.  Raises SourceUnusable or Refused."""
    started = time.monotonic()
    part = work / "sealed.db"
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with reading(path, work) as access:
        require_room(path, work)
        _copy_pages(access.connection, part, progress)
    size = part.stat().st_size
    progress(size, size, "checking")
    _finish(part, path)
    found = digest(part)
    part.replace(to)
    _flush(to.parent)
    return {
        "digest": found,
        "bytes": to.stat().st_size,
        "seconds": time.monotonic() - started,
        "integrity": "ok",
    }


def digest(path: Path) -> str:
    """Give a file's SHA-256 in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy_pages(source: apsw.Connection, part: Path, progress: Progress) -> None:
    page = int(str(source.pragma("page_size")))
    with closing(_open(part)) as target:
        target.pragma("journal_mode", "off")
        target.pragma("synchronous", "off")
        with target.backup("main", source, "main") as backup:
            while not backup.done:
                backup.step(max(1, _STEP_BYTES // page))
                total = backup.page_count * page
                progress(total - backup.remaining * page, total, "copying")


def _open(part: Path) -> apsw.Connection:
    return apsw.Connection(file_uri(part, mode="rw"), flags=apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_URI)


def _finish(part: Path, path: Path) -> None:
    """Leave WAL mode, prove the copy whole and flush it to disk."""
    with closing(_open(part)) as copy, errors_explained(path):
        harden(copy)
        if copy.pragma("journal_mode", "delete") != "delete":
            raise SourceUnusable("the copy does not leave WAL mode", where=str(path))
        lines = damage(copy)
    if lines:
        raise damaged(path, "; ".join(lines))
    _flush(part)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
