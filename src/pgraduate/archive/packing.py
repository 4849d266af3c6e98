"""Packing a file and getting it back.

The compressed bytes depend on the content alone (no name, no time), so two archives of one state are equal.  Whatever
comes out of an archive is hashed on its way and refused unless it is what went in.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import zlib
from pathlib import Path

from pgraduate.errors import Different

_BLOCK = 1 << 20
_LEVEL = 6


def compress(source: Path, target: Path) -> None:
    with source.open("rb") as plain, target.open("xb") as raw:
        with gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=raw, mtime=0) as packed:
            shutil.copyfileobj(plain, packed, _BLOCK)
        raw.flush()
        os.fsync(raw.fileno())


def unpack(packed: Path, target: Path, sha256: str) -> None:
    """Decompress into a new file.  Raises Different where the bytes are not those that were archived."""
    hasher = hashlib.sha256()
    try:
        with gzip.open(packed, "rb") as source, target.open("xb") as plain:
            while block := source.read(_BLOCK):
                hasher.update(block)
                plain.write(block)
            plain.flush()
            os.fsync(plain.fileno())
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise _damaged(packed) from error
    if hasher.hexdigest() != sha256:
        raise _damaged(packed)


def _damaged(path: Path) -> Different:
    return Different(
        "the archive is damaged: what comes out is not what went in",
        where=str(path),
        hint="take another copy of this archive; do not remove anything that it was to replace",
    )
