"""Segments: one CSV file for each batch and table, as the server's COPY writes and reads it, with a line of column names.

A segment is written under a name that ends in .part, forced to the disk, renamed, and its directory forced to the disk,
all before COMMIT; its SHA-256 commits with the deletion.  Invariant: a segment that no line of the ledger tells of holds
rows that are still live, and the next run moves it into the directory `discarded`.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from pgraduate.errors import PgraduateError, Refused
from pgraduate.maintain.retention.family import Family, Member
from pgraduate.maintain.retention.handles import any_of
from pgraduate.maintain.retention.ledger import Stored, known_segments, next_number
from pgraduate.model.retention import Destination
from pgraduate.postgres.identifiers import shorten

_USUAL = ".pgraduate/retention"
_DISCARDED = "discarded"
_FROM_BACKUP = "bring it back from a backup of this directory"
_FORM = "(FORMAT csv, HEADER true, ENCODING 'UTF8')"


class Segments:
    """`directory` is relative to the project; `database` keeps the segments of several databases apart."""

    destination = Destination.CSV

    def __init__(self, project: Path, directory: str | None, database: str) -> None:
        self._project = project.absolute()
        self._directory = self._project / (directory or _USUAL) / database
        self._parts: list[Path] = []

    def objections(self, _connection: psycopg.Connection, _family: Family) -> list[str]:
        return []

    def prepare(self, _connection: psycopg.Connection, _family: Family) -> None:
        self._parts.clear()

    def take(self, connection: psycopg.Connection, member: Member, places: Sequence[str], batch: int) -> Stored:
        deletion = sql.SQL("DELETE FROM ONLY {} AS t WHERE {} RETURNING {}").format(
            member.identifier, any_of("t", places), member.items("t")
        )
        return self.write(connection, deletion, member, f"{batch:012}")

    def write(self, connection: psycopg.Connection, query: sql.Composable, member: Member, number: str) -> Stored:
        """Write what a query gives into a segment of its own, which `seal` gives its name."""
        path = self._directory / f"{_file(member)}.{number}.csv"
        part = path.with_name(path.name + ".part")
        digest = hashlib.sha256()
        try:
            _make(self._directory)
            if path.exists():
                raise Refused(
                    "a segment of this number stands there already",
                    where=str(path),
                    hint="does another database write here? give each its own 'directory'",
                )
            with open(part, "wb", opener=_privately) as file, connection.cursor() as cursor:
                with cursor.copy(sql.SQL("COPY ({}) TO STDOUT " + _FORM).format(query)) as copy:
                    for block in copy:
                        digest.update(block)
                        file.write(block)
                file.flush()
                os.fsync(file.fileno())
                rows = cursor.rowcount
        except OSError as error:
            raise _unwritable(error, part) from error
        self._parts.append(part)
        return Stored(rows, self._place(path), digest.hexdigest())

    def replace(self, connection: psycopg.Connection, rest: sql.Composable, member: Member, batch: int) -> Stored:
        """Write what is left of a batch into another segment, or nothing where nothing is left."""
        stored = self.write(connection, rest, member, f"{batch:012}.{next_number(connection):012}")
        if stored.rows:
            return stored
        self._parts.pop().unlink()
        return Stored(0)

    def seal(self) -> None:
        try:
            for part in self._parts:
                part.rename(part.with_suffix(""))
            if self._parts:
                _sync(self._directory)
        except OSError as error:
            raise _unwritable(error, self._directory) from error
        self._parts.clear()

    def discard(self, connection: psycopg.Connection) -> int:
        """Move aside every segment that no line tells of, and give their number; call it only with the run lock held."""
        known, count = known_segments(connection), 0
        if not self._directory.is_dir():
            return 0
        try:
            for path in sorted(self._directory.iterdir()):
                if path.suffix in (".csv", ".part") and self._place(path) not in known:
                    _make(self._directory / _DISCARDED)
                    path.rename(self._directory / _DISCARDED / path.name)
                    count += 1
        except OSError as error:
            raise _unwritable(error, self._directory) from error
        return count

    def _place(self, path: Path) -> str:
        return str(path.relative_to(self._project)) if path.is_relative_to(self._project) else str(path)


def load(
    connection: psycopg.Connection, table: sql.Composable, columns: Sequence[str], path: Path, checksum: str | None
) -> int:
    """Fill a table from a segment and give the number of rows.

    Raises PgraduateError where the file is missing or damaged, before anything of it is read into the table.
    """
    if not path.is_file():
        raise PgraduateError("a segment is missing", where=str(path), hint=_FROM_BACKUP)
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != checksum:
            raise PgraduateError("a segment is not what was written", where=str(path), hint=_FROM_BACKUP)
        file.seek(0)
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        with connection.cursor() as cursor:
            with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN " + _FORM).format(table, names)) as copy:
                while block := file.read(1 << 16):
                    copy.write(block)
            return cursor.rowcount


def columns_of(path: Path) -> list[str]:
    """Read the names of a segment's columns."""
    if not path.is_file():
        raise PgraduateError("a segment is missing", where=str(path), hint=_FROM_BACKUP)
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def _file(member: Member) -> str:
    """Give a file's name for any table's: nothing in it is a separator, and it is short enough."""
    schema, name = (quote(part, safe="").replace(".", "%2E") for part in (member.schema, member.name))
    return f"{shorten(schema, limit=80)}.{shorten(name, limit=120)}"


def _privately(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _make(directory: Path) -> None:
    """Make a directory that outlives a loss of power, readable for its owner alone."""
    if directory.is_dir():
        return
    _make(directory.parent)
    directory.mkdir(mode=0o700, exist_ok=True)
    _sync(directory.parent)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unwritable(error: OSError, path: Path) -> PgraduateError:
    return PgraduateError(
        f"a segment cannot be written: {error.strerror}",
        where=str(path),
        hint="make room or rights there; the batch was rolled back",
    )
