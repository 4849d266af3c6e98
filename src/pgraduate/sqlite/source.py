"""The source as other rooms see it: what it is, its sealed copy, its digest.

Nothing here opens the source.  Closing any descriptor of a file cancels every POSIX lock that the process holds
on it, so all reading happens in a child process; see `process`.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pgraduate.errors import Refused, UsageError
from pgraduate.events import Silence, Sink
from pgraduate.model.wire import from_json, to_json
from pgraduate.sqlite.process import call
from pgraduate.sqlite.retiring import State

_SILENCE = Silence()


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What a source is.  `sqlite_version` is the library that last wrote the file, '' where it is too old to say;
    tables, views, triggers and indexes are counted without SQLite's own."""

    path: Path
    bytes: int
    wal_bytes: int
    journal_mode: str
    encoding: str
    page_size: int
    tables: int
    views: int
    triggers: int
    indexes: int
    user_version: int
    application_id: int
    sqlite_version: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """A copy of one moment of the source.  `digest` is the SHA-256 of the file in hex."""

    path: Path
    digest: str
    bytes: int
    source: Path
    seconds: float
    integrity: Literal["ok"]


def inspect(path: Path) -> SourceFacts:
    """Say what a source is, without changing it.

    Raises SourceUnusable where it cannot be read whole.
    """
    path = path.absolute()
    with _private_directory(None) as work:
        result = call("inspect", path, {"work": str(work)}, _SILENCE)
    return from_json(SourceFacts, {**result, "path": path})


def seal(path: Path, to: Path, *, sink: Sink = _SILENCE) -> Sealed:
    """Make a copy of one moment of the source that nothing changes any more, and prove it whole.

    The copy is written beside `to`, checked by SQLite's integrity check, flushed to disk and renamed, so `to` is
    never a part of a copy; an earlier copy of that name is replaced.  It is in rollback-journal mode, without a
    -wal, mode 0600.  Emits progress in bytes.  Raises SourceUnusable for a source that cannot be read whole,
    Refused where `to` has no room or belongs to another database, UsageError where it cannot be a file.
    """
    path, to = path.absolute(), to.absolute()
    _check_destination(path, to)
    with _private_directory(to.parent) as work:
        result = call("seal", path, {"to": str(to), "work": str(work)}, sink)
    return from_json(Sealed, {**result, "path": to, "source": path})


def state(path: Path) -> State:
    """Read what tells this state of a live database from a later one.  Raises SourceUnusable if it cannot be read."""
    return from_json(State, call("state", path.absolute(), {}, _SILENCE))


def retire(path: Path, replacement: Path, expected: State) -> None:
    """Exchange a live database for `replacement`, in one act and under its lock; see `retiring.exchange`."""
    request = {"other": str(replacement.absolute()), "expected": json.dumps(to_json(expected))}
    call("exchange", path.absolute(), request, _SILENCE)


def digest(path: Path) -> str:
    """Give the SHA-256 of a file in hex, read in a child process.  Raises SourceUnusable if it cannot be read."""
    return str(call("digest", path.absolute(), {}, _SILENCE)["digest"])


def _check_destination(path: Path, to: Path) -> None:
    if not to.parent.is_dir():
        raise UsageError("the directory of the sealed copy does not exist", where=str(to.parent))
    if to.is_dir():
        raise UsageError("the sealed copy must be a file, and a directory has its name", where=str(to))
    if _same_file(path, to):
        raise UsageError("the sealed copy cannot replace its own source", where=str(to))
    for suffix in ("-journal", "-wal", "-shm"):
        companion = to.with_name(to.name + suffix)
        if os.path.lexists(companion):
            raise Refused(
                f"a {suffix} file stands where the sealed copy would be, so another database lives there",
                where=str(companion),
                hint="choose another place for the sealed copy",
            )


def _same_file(path: Path, to: Path) -> bool:
    """Whether both exist and are one file; what keeps a path from being reached is the child's to say."""
    try:
        return path.samefile(to)
    except OSError:
        return False


@contextmanager
def _private_directory(parent: Path | None) -> Iterator[Path]:
    """A directory that only this user can enter.  The child removes it; this does if the child was killed."""
    try:
        work = Path(tempfile.mkdtemp(prefix=".pgraduate-", dir=parent))
    except OSError as error:
        raise Refused(
            f"no copy can be written there: {error.strerror}",
            where=str(parent or tempfile.gettempdir()),
            hint="choose another place for the sealed copy",
        ) from error
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
