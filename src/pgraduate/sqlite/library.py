"""The SQLite library that reads the databases."""

from __future__ import annotations

import apsw


def library() -> tuple[str, str, tuple[str, ...]]:
    """Give its version, the mark of its source and the options that it was built with."""
    return apsw.sqlite_lib_version(), apsw.sqlite3_sourceid(), tuple(apsw.compile_options)
