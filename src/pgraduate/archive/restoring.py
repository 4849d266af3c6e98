"""Getting a database out of its archive, and comparing it with the manifest: bytes, integrity, rows, digests."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pgraduate.archive.contents import read_contents
from pgraduate.archive.manifest import Manifest
from pgraduate.archive.packing import unpack
from pgraduate.encryption import decrypt, sha256
from pgraduate.errors import Different, Refused


def verify(directory: Path, manifest: Manifest, *, identity: Path | None = None, near: Path | None = None) -> None:
    """Restore an archive to a temporary place, below `near` where that is given, and compare it with its manifest.

    Raises Different where anything is not as it was archived, Refused where the key or the room is missing.
    """
    with _restored(directory, manifest, identity, near or Path(tempfile.gettempdir())):
        return


def restore(directory: Path, manifest: Manifest, to: Path, *, identity: Path | None = None) -> None:
    """Restore an archive as a new file with the original's permissions and journal mode, after it was compared.

    Raises Refused where `to` exists, else as `verify`.
    """
    to = to.absolute()
    if os.path.lexists(to):
        raise Refused("a file of that name exists", where=str(to), hint="name a new file with -o")
    if not to.parent.is_dir():
        raise Refused("the directory does not exist", where=str(to.parent), hint="make it first")
    with _restored(directory, manifest, identity, to.parent) as found:
        if manifest.source.journal_mode == "wal":
            _put_into_wal_mode(found)
        found.chmod(manifest.source.mode)
        if os.geteuid() == 0:
            os.chown(found, manifest.source.uid, manifest.source.gid)
        try:
            os.link(found, to)
        except FileExistsError as error:
            raise Refused("a file of that name exists", where=str(to), hint="name a new file") from error
        except OSError as error:
            raise Refused(
                f"the file cannot get its name there: {error.strerror}",
                where=str(to),
                hint="restore it on another file system and copy it",
            ) from error


def _put_into_wal_mode(database: Path) -> None:
    """Set the two bytes of the header in which the mode stands ("Database File Format", section 1.3.3)."""
    with database.open("r+b") as file:
        file.seek(18)
        file.write(b"\2\2")
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _restored(directory: Path, manifest: Manifest, identity: Path | None, near: Path) -> Iterator[Path]:
    """Give the compared database in a private directory that goes afterwards."""
    packed = directory / manifest.file
    if shutil.disk_usage(near).free < manifest.bytes + manifest.packed_bytes:
        raise Refused("there is no room to restore the archive", where=str(near), hint="make room")
    if not packed.is_file() or sha256(packed) != manifest.packed_sha256:
        raise Different(
            "the packed file is missing or is not the one that was archived",
            where=str(packed),
            hint="take another copy of this archive",
        )
    with tempfile.TemporaryDirectory(prefix=".pgraduate-", dir=near) as work:
        if manifest.encryption is not None:
            plain = Path(work) / "plain.gz"
            decrypt(packed, plain, manifest.encryption, identity)
            packed = plain
        found = Path(work) / "restored.db"
        unpack(packed, found, manifest.sha256)
        _require_contents(found, manifest, packed)
        yield found


def _require_contents(found: Path, manifest: Manifest, packed: Path) -> None:
    contents = read_contents(found)
    if contents != manifest.tables:
        names = {item.name for item in set(contents) ^ set(manifest.tables)}
        raise Different("tables differ from the manifest: " + ", ".join(sorted(names)), where=str(packed))
