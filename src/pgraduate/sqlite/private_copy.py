"""A private copy of a source with its -journal or -wal, for SQLite to recover far from the original.

SQLite's SHARED lock keeps rollback-journal writers out while the files are read.  It does not stop a WAL writer,
so the files must also be seen unchanged from before the first byte to after the last; otherwise the copy is
thrown away and made again.
"""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from pgraduate.errors import Refused, SourceUnusable
from pgraduate.sqlite import locks

_ATTEMPTS = 5
_SETTLED_NANOSECONDS = 50_000_000
"""A file changed less than this ago may change again without its time stamp showing it: kernels stamp in ticks of
up to 10 ms."""
_WAL_HEADER = 32
_COMPANIONS = ("-journal", "-wal")


def copy_privately(path: Path, work: Path, *, patience: float) -> Path:
    """Copy a database and its companions into `work` and give the copy's path.

    Raises SourceUnusable where a writer holds the file for `patience` seconds or does not pause for a whole copy,
    Refused where there is no room.
    """
    copy = work / "source.db"
    require_room(path, work)
    for attempt in range(_ATTEMPTS):
        with locks.shared(path, patience) as descriptor:
            before = _fingerprint(path)
            if _settled(before):
                _copy(path, descriptor, copy)
                if _fingerprint(path) == before:
                    return copy
        time.sleep(0.1 * (attempt + 1))
    raise SourceUnusable(
        "another process writes without a pause, and SQLite cannot read the database where it lies",
        where=str(path),
        hint="stop the writer, or give this user write permission in the directory",
    )


def require_room(path: Path, work: Path) -> None:
    """Raise Refused where the disk of `work` cannot take a copy of the source."""
    needed = sum(file.stat().st_size for file in (path, *_beside(path)) if file.exists())
    free = shutil.disk_usage(work).free
    if free < needed:
        raise Refused(
            f"a copy of the source needs {needed:,} bytes and the disk has {free:,}",
            where=str(work.parent),
            hint="make room, or choose another place for the sealed copy",
        )


def _beside(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(path.name + suffix) for suffix in _COMPANIONS)


def _fingerprint(path: Path) -> tuple[tuple[int, int, int, int, bytes] | None, ...]:
    """Tell states apart.  The database itself is not opened here: closing it would give up the SHARED lock."""
    return (_facts(path, 0), *(_facts(file, _WAL_HEADER) for file in _beside(path)))


def _facts(file: Path, read: int) -> tuple[int, int, int, int, bytes] | None:
    try:
        status = file.stat()
        start = _first_bytes(file, read) if read else b""
    except FileNotFoundError:
        return None
    return (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns, start)


def _first_bytes(file: Path, count: int) -> bytes:
    with file.open("rb") as opened:
        return opened.read(count)


def _settled(facts: tuple[tuple[int, int, int, int, bytes] | None, ...]) -> bool:
    newest = max(item[3] for item in facts if item is not None)
    return time.time_ns() - newest > _SETTLED_NANOSECONDS


def _copy(path: Path, descriptor: int, copy: Path) -> None:
    os.lseek(descriptor, 0, os.SEEK_SET)
    with open(descriptor, "rb", closefd=False) as source, copy.open("wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    for suffix, companion in zip(_COMPANIONS, _beside(path), strict=True):
        target_path = copy.with_name(copy.name + suffix)
        target_path.unlink(missing_ok=True)
        try:
            shutil.copyfile(companion, target_path)
        except FileNotFoundError:
            continue
        except PermissionError as error:
            raise SourceUnusable(
                f"the {suffix} file beside the database may not be read by this user",
                where=str(companion),
                hint="run as the file's owner: rows may be in that file only",
            ) from error
