"""SQLite's own spelling of names: quoted identifiers, and file names as URIs.

The invariant: any name that SQLite or the file system accepts goes through unchanged: empty, quoted, `?`, `#`,
`%`, newlines and bytes that are not UTF-8 included.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote as percent_encode


def quote(name: str) -> str:
    """Quote one SQLite identifier, always."""
    return '"' + name.replace('"', '""') + '"'


def file_uri(path: Path, **parameters: str | int) -> str:
    """Give the `file:` URI of a path, with query parameters such as `mode="ro"`.

    The path is made absolute, so that a name with a colon or two leading slashes is never read as an authority.
    """
    encoded = percent_encode(os.fsencode(path.absolute()), safe="/")
    query = "&".join(f"{name}={percent_encode(str(value))}" for name, value in parameters.items())
    return f"file://{encoded}?{query}" if query else f"file://{encoded}"


def fold(name: str) -> str:
    """Fold a name as SQLite compares names: ASCII letters only."""
    return name.translate(_ASCII_LOWER)


_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
