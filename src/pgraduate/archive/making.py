"""Making an archive: seal, count, pack, encrypt, restore and compare, and only then give it its name."""

from __future__ import annotations

import shutil
import stat
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from pgraduate.archive.contents import read_contents
from pgraduate.archive.manifest import (
    FORMAT,
    Manifest,
    SourceRecord,
    Verified,
    restore_commands,
    write_manifest,
)
from pgraduate.archive.packing import compress
from pgraduate.archive.restoring import verify
from pgraduate.archive.shelf import Shelf
from pgraduate.encryption import SUFFIX, Encryption, encrypt, sha256
from pgraduate.errors import Refused
from pgraduate.events import Sink
from pgraduate.sqlite import Sealed, inspect, read_schema, seal
from pgraduate.version import __version__


@dataclass(frozen=True, slots=True)
class Request:
    """What to archive and how; `identity` is age's key file, with which an encrypted archive can be compared."""

    path: Path
    run_id: str
    encryption: Encryption | None = None
    identity: Path | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """An archive that stands on its shelf; `digest` is the sealed copy's, as a run's record has it."""

    name: str
    directory: Path
    manifest: Manifest


def make(request: Request, shelf: Shelf, *, sink: Sink) -> Made:
    """Archive a database.  Raises SourceUnusable, Refused where there is no room, Different where the disk lies."""
    with shelf.preparing() as prepared:
        work = prepared / "work"
        work.mkdir(mode=0o700)
        sealed = seal(request.path, work / "sealed.db", sink=sink)
        _require_room(sealed, prepared)
        target = prepared / "archive"
        target.mkdir(mode=0o700)
        manifest = _pack(request, sealed, work, target)
        manifest = replace(manifest, verified=_compare(request, manifest, target, work))
        write_manifest(target, manifest)
        name = shelf.place(target, request.path.stem, datetime.now().astimezone().date())
    return Made(name, shelf.directory / name, manifest)


def _pack(request: Request, sealed: Sealed, work: Path, target: Path) -> Manifest:
    packed = target / f"{request.path.name}.gz"
    compress(sealed.path, packed)
    if request.encryption is not None:
        plain = packed.rename(work / "plain.gz")
        packed = packed.with_name(packed.name + SUFFIX[request.encryption.tool])
        encrypt(plain, packed, request.encryption)
    return Manifest(
        format=FORMAT,
        name=request.path.name,
        made_at=_now(),
        made_by=f"pgraduate {__version__}",
        run_id=request.run_id,
        source=_source(request.path),
        file=packed.name,
        packed_bytes=packed.stat().st_size,
        packed_sha256=sha256(packed),
        bytes=sealed.bytes,
        sha256=sealed.digest,
        encryption=request.encryption,
        tables=read_contents(sealed.path),
        schema=read_schema(sealed.path),
        restore=restore_commands(packed.name, request.path.name, sealed.digest, request.encryption),
        verified=Verified("", 0, 0, False),
    )


def _compare(request: Request, manifest: Manifest, target: Path, work: Path) -> Verified:
    """Restore what was packed and compare it; before its encryption where the key is not at hand."""
    through = True
    try:
        verify(target, manifest, identity=request.identity, near=work)
    except Refused:
        if manifest.encryption is None:
            raise
        through = False
        plain = work / "plain.gz"
        before = replace(manifest, file=plain.name, packed_sha256=sha256(plain), encryption=None)
        verify(work, before, near=work)
    return Verified(_now(), len(manifest.tables), manifest.rows, through)


def _source(path: Path) -> SourceRecord:
    facts, status = inspect(path), path.stat()
    return SourceRecord(
        path=str(path),
        bytes=facts.bytes,
        wal_bytes=facts.wal_bytes,
        mode=stat.S_IMODE(status.st_mode),
        uid=status.st_uid,
        gid=status.st_gid,
        journal_mode=facts.journal_mode,
        encoding=facts.encoding,
        user_version=facts.user_version,
        application_id=facts.application_id,
        sqlite_version=facts.sqlite_version,
    )


def _require_room(sealed: Sealed, place: Path) -> None:
    """The packed file may be as large as the database, and the restored one is."""
    needed, free = 2 * sealed.bytes, shutil.disk_usage(place).free
    if free < needed:
        raise Refused(
            f"the archive and its test restore need {needed:,} bytes and the disk has {free:,}",
            where=str(place.parent),
            hint="make room, or choose another place with --into",
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
