"""One byte string per row, one digest per table that does not depend on how its rows happen to lie.

A row is a tuple of cells, as `model.cell` defines them.
"""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from pgraduate.model.cell import Cells

_MARSHAL = 2
"""Version 2 writes floats as their eight bytes, every item with its type and length, and shares no references: the
encoding is injective and depends on the values alone.  A test pins its bytes for the Python that runs."""

_MODULUS = 1 << 128

TOLD = 100_000
"""Rows between two reports of progress."""


def encode(cells: Cells) -> bytes:
    """Give the canonical bytes of a row."""
    return marshal.dumps(cells, _MARSHAL)


def row_digest(cells: Cells) -> bytes:
    """Give the 128-bit digest of a row."""
    return hashlib.blake2b(marshal.dumps(cells, _MARSHAL), digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class Digest:
    """The number of rows and 128 bits over them: of rows in the order of their key, or of a multiset of rows."""

    rows: int
    total: int

    def __str__(self) -> str:
        return f"{self.total:032x}"


def digest(rows: Iterator[Cells], tell: Callable[[int], None] | None = None) -> Digest:
    """Digest a multiset in constant memory; `tell` hears the number of rows every TOLD rows and at the end.

    The rows' own digests are summed modulo 2^128: their order does not matter, the number of equal rows does.
    """
    count = total = 0
    hasher, dumps, number = hashlib.blake2b, marshal.dumps, int.from_bytes
    while True:
        before = count
        for cells in islice(rows, TOLD):
            count += 1
            total += number(hasher(dumps(cells, _MARSHAL), digest_size=16).digest(), "big")
        if tell is not None:
            tell(count)
        if count - before < TOLD:
            return Digest(count, total % _MODULUS)


def ordered_digest(
    rows: Iterator[Cells], tell: Callable[[int], None] | None = None, *, together: int = 1
) -> Digest:
    """Digest rows that come in the order of a unique key, as one stream of their canonical bytes.

    No encoding of a row is the beginning of another one, so equal streams are equal rows.  `together` rows are encoded
    with one call, which memory must hold; the stream, and so the digest, is the same for every number.
    """
    count, told = 0, TOLD
    stream = hashlib.blake2b(digest_size=16)
    while block := list(islice(rows, together)):
        count += len(block)
        encoded = memoryview(marshal.dumps(block, _MARSHAL))[_LIST_HEAD:]
        block.clear()  # before the bytes are hashed and the next rows are read: these may be long
        stream.update(encoded)
        encoded.release()
        if tell is not None and count >= told:
            tell(count)
            told += TOLD
    if tell is not None:
        tell(count)
    return Digest(count, int.from_bytes(stream.digest(), "big"))


_LIST_HEAD = 5
"""Bytes that marshal writes before the items of a list, which follow each other as if encoded one by one."""
