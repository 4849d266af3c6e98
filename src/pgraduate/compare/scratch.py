"""A private SQLite file for rows that are too many for memory; gone when the comparison has ended."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import apsw

from pgraduate.errors import PgraduateError


@contextmanager
def scratch(schema: str) -> Iterator[apsw.Connection]:
    """Open an empty file with the tables of `schema`; raise PgraduateError when it cannot be written."""
    with tempfile.TemporaryDirectory(prefix="pgraduate-") as directory:
        try:
            with closing(apsw.Connection(str(Path(directory) / "scratch.db"))) as connection:
                connection.execute("PRAGMA journal_mode = off; PRAGMA synchronous = off; PRAGMA temp_store = file")
                connection.execute(schema)
                yield connection
        except apsw.Error as error:
            raise PgraduateError(
                f"the differing rows cannot be collected: {error}",
                where=directory,
                hint="make room in the temporary directory, or set TMPDIR to another one",
            ) from error
