"""What stands in a backup's directory beside the dump, and how a damaged backup is told from a whole one.

The manifest names every file with its size and SHA-256, and holds the digests that were taken in the dump's own
snapshot; its own SHA-256 stands beside it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pgraduate.encryption import Encryption, sha256
from pgraduate.errors import Different, UsageError
from pgraduate.maintain.digests import TableDigest
from pgraduate.model.wire import from_json, to_json

NAME = "manifest.json"
SUM = "manifest.json.sha256"
PROVEN = "drill.json"
STAMP = "%Y%m%d-%H%M%S-%f"
"""The end of a backup's name: when it was begun, in UTC."""


@dataclass(frozen=True, slots=True)
class BackupFile:
    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BackupManifest:
    """`taken` is the moment of the snapshot, ISO 8601; `extensions` maps names to versions; `run_id` is the run whose
    journal holds the backup, None in a manifest of an earlier version."""

    name: str
    database: str
    taken: str
    server_version: int
    system_identifier: str
    format: str
    seconds: float
    tables: tuple[TableDigest, ...]
    files: tuple[BackupFile, ...]
    extensions: Mapping[str, str] = field(default_factory=dict)
    encryption: Encryption | None = None
    run_id: str | None = None

    @property
    def major(self) -> int:
        return self.server_version // 10000

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)


def write_manifest(directory: Path, manifest: BackupManifest) -> None:
    path = directory / NAME
    path.write_text(json.dumps(to_json(manifest), indent=1) + "\n", "utf-8")
    (directory / SUM).write_bytes(_sum(path))


def read_manifest(directory: Path) -> BackupManifest:
    """Read a backup's manifest; raise UsageError where there is none, Different where it is damaged."""
    path = directory / NAME
    if not path.is_file() or not (directory / SUM).is_file():
        raise UsageError("this is no backup of pgraduate", where=str(directory), hint="pgraduate maintain backup")
    if (directory / SUM).read_bytes() != _sum(path):
        raise _damaged(path, "its manifest is not what was written")
    return from_json(BackupManifest, json.loads(path.read_text("utf-8")))


def require_whole(directory: Path, manifest: BackupManifest) -> None:
    """Hash every file; raise Different for one that is missing, too short, or changed."""
    for file in manifest.files:
        path = directory / file.name
        if not path.is_file():
            raise _damaged(path, "a file is missing")
        if path.stat().st_size != file.bytes:
            raise _damaged(path, f"it has {path.stat().st_size:,} bytes, {file.bytes:,} were written")
        if sha256(path) != file.sha256:
            raise _damaged(path, "its bytes are not those that were written")


def list_backups(shelf: Path) -> list[Path]:
    """Give the backups of a directory, oldest first."""
    if not shelf.is_dir():
        return []
    found = (path for path in shelf.iterdir() if (path / NAME).is_file() and not path.name.startswith("."))
    return sorted(found, key=moment_of)


def moment_of(backup: Path) -> datetime:
    """Read when a backup was begun from its name; one that was renamed is older than all others."""
    try:
        return datetime.strptime("-".join(backup.name.rsplit("-", 3)[1:]), STAMP).replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def _sum(path: Path) -> bytes:
    """Give the line that `sha256sum --check` reads."""
    return f"{sha256(path)}  {NAME}\n".encode("ascii")


def _damaged(path: Path, how: str) -> Different:
    return Different(
        f"the backup is damaged: {how}",
        where=str(path),
        hint="take a new backup now, and look at the disk that held this one",
    )
