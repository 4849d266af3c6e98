"""Reading a sealed copy: a file of our own that nobody writes.

The connection is read-only and immutable, trusts nothing in the schema, and knows no function beyond SQLite's
own.  A collation that only the application has gets a stand-in that compares code points, so that its tables can
be read; nothing may rely on the order of an index built with it.
"""

from __future__ import annotations

from pathlib import Path

import apsw

from pgraduate.errors import SourceUnusable
from pgraduate.sqlite.names import file_uri

BUILT_IN_COLLATIONS = frozenset({"BINARY", "NOCASE", "RTRIM"})


def open_sealed(path: Path) -> apsw.Connection:
    """Open a sealed copy, read-only.

    Raises SourceUnusable if the file is missing, is not a database or has a schema that SQLite cannot parse.
    """
    if not path.is_file():
        raise SourceUnusable("there is no sealed copy", where=str(path), hint="seal the source first")
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    connection = apsw.Connection(file_uri(path, mode="ro", immutable=1), flags=flags)
    harden(connection)
    try:
        connection.execute("SELECT count(*) FROM main.sqlite_schema").fetchall()
    except apsw.Error as error:
        connection.close()
        raise schema_error(error, path) from error
    return connection


def harden(connection: apsw.Connection) -> None:
    """Make a connection safe for a file from anywhere, and able to read tables of unknown collations.

    Source: "Defense Against The Dark Arts" in SQLite's documentation.
    """
    connection.config(apsw.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0)
    connection.pragma("cell_size_check", True)
    connection.collation_needed(_register_stand_in)


def schema_error(error: apsw.Error, path: Path) -> SourceUnusable:
    """Say what SQLite found when it first read the schema; its message names the broken object."""
    return SourceUnusable(
        f"SQLite cannot read the schema: {error}",
        where=str(path),
        hint="repair the source first, for instance with sqlite3's .recover into a new file",
    )


def _register_stand_in(connection: apsw.Connection, name: str) -> None:
    connection.create_collation(name, _by_code_point)


def _by_code_point(left: str, right: str) -> int:
    return (left > right) - (left < right)
