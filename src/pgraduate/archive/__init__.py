"""A database that nobody writes any more, kept so that it can be read in ten years.

The archive holds one moment of the file, its -wal included, compressed, with a manifest that says how to restore it even
without pgraduate.  The invariant: an archive appears under its name only after it was restored elsewhere and compared,
and it appears whole; at no moment is there less than one verified copy of the data.
"""

from __future__ import annotations

from pgraduate.archive.making import Made, Request, make
from pgraduate.archive.manifest import Manifest, Verified
from pgraduate.archive.proof import Proof, prove
from pgraduate.archive.restoring import restore, verify
from pgraduate.archive.shelf import Shelf
from pgraduate.archive.tombstone import RetireOriginal, plan_retirement

__all__ = [
    "Made",
    "Manifest",
    "Proof",
    "Request",
    "RetireOriginal",
    "Shelf",
    "Verified",
    "make",
    "plan_retirement",
    "prove",
    "restore",
    "verify",
]
