"""Which database a path means: SQLite's rule that each file is one, read from the argument of `connect`.

A path is resolved as SQLite resolves it, so that two spellings of one file are one database.  A schema's name is made
from the file's stem and the path's hash: it is the same in every process, and no two paths share one.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from pgraduate.dialect.identifiers import fold

_MEMORY = ":memory:"
_STEM_BYTES = 40


@dataclass(frozen=True, slots=True)
class Place:
    """`path` is resolved; it is None for a database that only its connection knows.

    `create` says whether a database that does not exist may be made, `writable` whether it may be written, `mapped` that
    the settings name the schema.
    """

    path: str | None
    schema: str
    create: bool = True
    writable: bool = True
    mapped: bool = False

    @property
    def is_private(self) -> bool:
        return self.path is None

    @property
    def file(self) -> Path | None:
        """The file that SQLite would open, None for a database in memory."""
        return None if self.path is None or self.path.startswith(_MEMORY) else Path(self.path)


def place_of(
    database: str | bytes | os.PathLike[str] | os.PathLike[bytes],
    *,
    uri: bool = False,
    mapped: Mapping[str, str] | None = None,
) -> Place:
    """Read what `connect` was given; `mapped` gives schemas that the settings name, by resolved path.

    Raises sqlite3.OperationalError for a URI that names another machine or an unknown mode.
    """
    name = os.fsdecode(database)
    place = _of_uri(name) if uri and name.startswith("file:") else _of_name(name)
    schema = (mapped or {}).get(place.path or "")
    return place if schema is None else replace(place, schema=schema, create=False, mapped=True)


def require_no_rows(file: Path) -> None:
    """Refuse to make an empty database for a file that has one: it would hide its rows.

    Raises sqlite3.OperationalError, also where SQLite could not make the file.
    """
    if file.is_file() and file.stat().st_size:
        raise sqlite3.OperationalError(
            f"unable to open database file: {file} is not empty and was not migrated to this server; migrate it, or name "
            "its schema under [runtime.paths] in pgraduate.toml"
        )
    if not file.parent.is_dir():
        raise sqlite3.OperationalError("unable to open database file")


def make_file(file: Path) -> None:
    """Make the empty file that SQLite would make, so that who looks for it finds it."""
    try:
        file.touch()
    except OSError as error:
        raise sqlite3.OperationalError(f"unable to open database file: {error}") from error


def _of_name(name: str, *, create: bool = True, writable: bool = True) -> Place:
    if name in ("", _MEMORY):
        return Place(None, f"memory_{secrets.token_hex(8)}")
    path = str(Path(name).resolve())
    return Place(path, _schema_of(path, Path(path).stem), create, writable)


def _of_uri(uri: str) -> Place:
    parts = urlsplit(uri)
    if parts.netloc not in ("", "localhost"):
        raise sqlite3.OperationalError(f"invalid uri authority: {parts.netloc}")
    asked = {key: values[-1] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
    mode = asked.get("mode", "rwc")
    if mode not in ("ro", "rw", "rwc", "memory"):
        raise sqlite3.OperationalError(f"no such access mode: {mode}")
    name = unquote(parts.path)
    in_memory = mode == "memory" or name in ("", _MEMORY)
    if in_memory and asked.get("cache") == "shared":
        # One database for all connections of this process that name it.
        shared = f"{_MEMORY}{os.getpid()}:{name}"
        return Place(shared, _schema_of(shared, "memory"))
    if in_memory:
        return _of_name(_MEMORY)
    return _of_name(name, create=mode == "rwc", writable=mode != "ro")


def _schema_of(path: str, stem: str) -> str:
    short = fold(stem).encode()[:_STEM_BYTES].decode(errors="ignore")
    return f"{short}_{hashlib.sha256(path.encode(errors='surrogateescape')).hexdigest()[:8]}"
