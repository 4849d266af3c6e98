"""The page that lies beside an archived database: what it is, where it came from, how to get it back.

It is JSON for programs and plain enough for a person in ten years: the restore commands need gzip and sha256sum, not
pgraduate.
"""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pgraduate.archive.contents import TableContent
from pgraduate.encryption import Encryption
from pgraduate.errors import PgraduateError
from pgraduate.model.wire import from_json, to_json

FORMAT = 1
FILE = "manifest.json"


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """The file as it lay: `mode` holds its permission bits, owner and group are numbers."""

    path: str
    bytes: int
    wal_bytes: int
    mode: int
    uid: int
    gid: int
    journal_mode: str
    encoding: str
    user_version: int
    application_id: int
    sqlite_version: str


@dataclass(frozen=True, slots=True)
class Verified:
    """When what came out of the archive was compared with what went in; `encrypted` tells whether through its
    encryption, or only before it because the key was not at hand."""

    at: str
    tables: int
    rows: int
    through_encryption: bool


@dataclass(frozen=True, slots=True)
class Manifest:
    """`sha256` is of the database as it comes out, `packed_sha256` of the packed file beside this manifest."""

    format: int
    name: str
    made_at: str
    made_by: str
    run_id: str
    source: SourceRecord
    file: str
    packed_bytes: int
    packed_sha256: str
    bytes: int
    sha256: str
    encryption: Encryption | None
    tables: tuple[TableContent, ...]
    schema: tuple[str, ...]
    restore: tuple[str, ...]
    verified: Verified

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)


def restore_commands(file: str, database: str, sha256: str, encryption: Encryption | None) -> tuple[str, ...]:
    """Give the shell commands that get a database out without pgraduate."""
    packed, plain = shlex.quote(file), shlex.quote(database)
    if encryption is None:
        first = f"gzip -dc {packed} > {plain}"
    elif encryption.tool == "age":
        first = f"age --decrypt --identity KEY-FILE {packed} | gzip -dc > {plain}"
    else:
        first = f"gpg --decrypt {packed} | gzip -dc > {plain}"
    return (first, f"echo '{sha256}  '{plain} | sha256sum --check -", f"sqlite3 {plain} 'PRAGMA integrity_check'")


def write_manifest(directory: Path, manifest: Manifest) -> None:
    text = json.dumps(to_json(manifest), indent=2) + "\n"
    (directory / FILE).write_text(text, "utf-8")


def read_manifest(directory: Path) -> Manifest:
    """Raises PgraduateError for a manifest that is missing, of a later version, or not one."""
    path = directory / FILE
    try:
        data: Any = json.loads(path.read_text("utf-8"))
        if data["format"] > FORMAT:
            raise PgraduateError(
                "the manifest was written by a later version of pgraduate", where=str(path), hint="use that one"
            )
        return from_json(Manifest, data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PgraduateError(
            "this is no archive: its manifest cannot be read",
            where=str(path),
            hint="`pgraduate archive list` shows the archives",
        ) from error
