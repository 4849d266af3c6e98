"""The merged file: made of the sealed sources, tables and rows first, then everything that would be in the rows' way.

Written under a temporary name, checked, flushed and renamed; a merged file that stands is whole.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import apsw

from pgraduate.errors import Refused, SourceUnusable
from pgraduate.events import Silence, Sink
from pgraduate.merge.filling import Filling
from pgraduate.merge.questions import Questions
from pgraduate.merge.settling import settle_tables
from pgraduate.model.catalog import Catalog
from pgraduate.model.decision import Decision
from pgraduate.model.finding import Finding
from pgraduate.model.merge import Merge, MergedRow, MergePart
from pgraduate.sqlite import read_catalog
from pgraduate.sqlite.names import file_uri
from pgraduate.sqlite.sealed import harden
from pgraduate.sqlite.sealing import digest


@dataclass(frozen=True, slots=True)
class Result:
    """The merged file, and what it took; `rows` are those whose place another row has."""

    path: Path
    digest: str
    bytes: int
    merge: Merge
    rows: tuple[MergedRow, ...]
    decisions: tuple[Decision, ...]
    findings: tuple[Finding, ...]


def merge(
    parts: Sequence[MergePart],
    directory: Path,
    schema: str,
    *,
    answers: Mapping[str, str],
    references: Mapping[str, str],
    sink: Sink | None = None,
) -> Result:
    """Merge the parts into `directory/<schema>.db`; the same parts and answers give the same rows.

    Raises Refused for what cannot be merged, UsageError for an answer or a reference that names nothing.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    made, lines = directory / f"{schema}.part", directory / f"{schema}.lines"
    for leftover in (made, lines):
        leftover.unlink(missing_ok=True)
    questions = Questions(schema, answers)
    catalogs = [replace(read_catalog(Path(part.sealed), name=part.name), name=part.name) for part in parts]
    _require_possible(catalogs)
    _require_room(len(parts))
    try:
        with closing(_open(made, lines, parts, catalogs[0].encoding)) as connection:
            settled = settle_tables(connection, catalogs, questions, references)
            tables, rows = Filling(connection, catalogs, settled, questions, sink or Silence()).run()
    except apsw.ConstraintError as error:
        raise Refused(
            f"the merged rows do not fit: {error}",
            where=f"schema {schema}",
            hint="without --target-schema every file becomes a schema of its own",
        ) from error
    except apsw.Error as error:
        raise SourceUnusable(f"the files cannot be merged: {error}", where=f"schema {schema}") from error
    lines.unlink(missing_ok=True)
    path = made.replace(directory / f"{schema}.db")
    _flush(path)
    return Result(
        path,
        digest(path),
        path.stat().st_size,
        Merge(tuple(parts), tables),
        rows,
        tuple(questions.decisions),
        tuple(questions.findings),
    )


def _require_possible(catalogs: Sequence[Catalog]) -> None:
    if len({catalog.encoding for catalog in catalogs}) > 1:
        raise Refused(
            "the files store their texts in different encodings",
            where=", ".join(f"{catalog.name}: {catalog.encoding}" for catalog in catalogs),
            hint="without --target-schema every file becomes a schema of its own",
        )


def _require_room(sources: int) -> None:
    """Raise Refused for more files than this SQLite attaches; one of its places is the merge's own."""
    with closing(apsw.Connection(":memory:")) as connection:
        most = connection.limit(apsw.SQLITE_LIMIT_ATTACHED) - 1
    if sources > most:
        raise Refused(f"at most {most} files merge at once", hint="merge some of them first")


def _open(made: Path, lines: Path, parts: Sequence[MergePart], encoding: str) -> apsw.Connection:
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI
    os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    connection = apsw.Connection(file_uri(made, mode="rw"), flags=flags)
    harden(connection)
    # The rows come as they are stored: nothing of the application's may act on them.
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
    connection.config(apsw.SQLITE_DBCONFIG_DQS_DDL, 1)
    for pragma in (
        f"encoding = '{encoding}'",
        "journal_mode = off",
        "synchronous = off",
        "foreign_keys = off",
        "ignore_check_constraints = on",
        "temp_store = file",
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("ATTACH ? AS maps", (file_uri(lines, mode="rwc"),))
    connection.execute("PRAGMA maps.journal_mode = off")
    connection.execute(
        "CREATE TABLE maps.line (place INTEGER, tbl TEXT, old_value, new_value, old_key TEXT, new_key TEXT,"
        " fate TEXT DEFAULT 'same', PRIMARY KEY (place, tbl, old_key));"
        "CREATE INDEX maps.line_value ON line (place, tbl, old_value)"
    )
    for place, part in enumerate(parts):
        connection.execute(f"ATTACH ? AS s{place}", (file_uri(Path(part.sealed), mode="ro", immutable=1),))
    return connection


def _flush(path: Path) -> None:
    for target in (path, path.parent):
        descriptor = os.open(target, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
