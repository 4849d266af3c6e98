"""The directory where archives stand, each a directory of its own: name, date, packed file, manifest.

An archive is prepared in a hidden directory beside the others and gets its name by one rename, which cannot replace an
archive that is there.  Whoever prepares holds the shelf's lock, so a hidden directory found under the lock was left by a
process that died.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pgraduate.archive.manifest import FILE, Manifest, read_manifest
from pgraduate.errors import Refused, UsageError
from pgraduate.repository import find_repository

_PREPARED = ".preparing"
_LOCK = ".lock"


@dataclass(frozen=True, slots=True)
class Shelf:
    directory: Path

    def names(self) -> list[str]:
        """List the archives by name, which sorts those of one database by age."""
        if not self.directory.is_dir():
            return []
        return sorted(
            entry.name for entry in self.directory.iterdir() if (entry / FILE).is_file() and _shown(entry)
        )

    def read(self, name: str) -> Manifest:
        """Raises UsageError where there is no such archive."""
        if name not in self.names():
            known = ", ".join(self.names()) or "none"
            raise UsageError(f"there is no archive '{name}'", where=str(self.directory), hint=f"known: {known}")
        return read_manifest(self.directory / name)

    @contextmanager
    def preparing(self) -> Iterator[Path]:
        """Give an empty directory to prepare an archive in, and remove it and what dead processes left.

        Raises Refused where another process is preparing, or where git would take the archive in.
        """
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.require_outside_git()
        with (self.directory / _LOCK).open("wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Refused("another archive is being made there", where=str(self.directory)) from error
            prepared = self.directory / _PREPARED
            shutil.rmtree(prepared, ignore_errors=True)
            prepared.mkdir(mode=0o700)
            try:
                yield prepared
            finally:
                shutil.rmtree(prepared, ignore_errors=True)

    def place(self, prepared: Path, stem: str, day: date) -> str:
        """Give a prepared archive its final, unused name, durably; return the name."""
        _flush(prepared)
        number = 1
        while True:
            name = f"{stem}-{day.isoformat()}" + (f"-{number}" if number > 1 else "")
            if not os.path.lexists(self.directory / name):
                # A rename replaces no directory that holds something: POSIX, rename(2).
                prepared.rename(self.directory / name)
                _flush(self.directory)
                return name
            number += 1

    def require_outside_git(self) -> None:
        """Raise Refused where git would take what stands here into a commit."""
        repository = find_repository(self.directory)
        if repository is None or not repository.holds(self.directory):
            return
        if repository.ignores(self.directory / "any-archive"):
            return
        below = self.directory.resolve().relative_to(repository.root).as_posix()
        line = f"/{below}/" if below != "." else "(the work tree itself cannot be ignored)"
        raise Refused(
            "git would take the archive in, and data does not belong into a repository",
            where=str(self.directory),
            hint=f"add this line to {repository.root / '.gitignore'}, or choose another --into:\n{line}",
        )


def _shown(entry: Path) -> bool:
    return not entry.name.startswith(".")


def _flush(directory: Path) -> None:
    for place in (*(entry for entry in directory.iterdir() if entry.is_file()), directory):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
