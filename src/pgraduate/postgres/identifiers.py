"""PostgreSQL names: folding, quoting and the 63-byte limit, in one place.

The invariant: two different source names in one namespace never become the same target name, and the same
names always become the same targets.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

MAX_BYTES = 63


def quote(name: str) -> str:
    """Quote one identifier, always; a NUL cannot stand in a name and raises ValueError."""
    if "\x00" in name or not name:
        raise ValueError("a PostgreSQL name is neither empty nor holds a NUL")
    return '"' + name.replace('"', '""') + '"'


def qualified(*names: str) -> str:
    return ".".join(quote(name) for name in names)


def fold(name: str, *, exact: bool = False) -> str:
    """Give the target name of a source name: ASCII lower case unless `exact`, never empty, at most 63 bytes."""
    folded = name if exact else name.translate(_ASCII_LOWER)
    folded = folded.replace("\x00", "")
    return shorten(folded or "unnamed")


def shorten(name: str, *, limit: int = MAX_BYTES) -> str:
    """Cut a name to the limit in bytes, ending in a hash of the whole where it was cut."""
    encoded = name.encode()
    if len(encoded) <= limit:
        return name
    digest = hashlib.sha256(encoded).hexdigest()[:8]
    return encoded[: limit - 9].decode(errors="ignore") + "_" + digest


def unique(names: Iterable[str], *, exact: bool = False, taken: Iterable[str] = ()) -> dict[str, str]:
    """Map each source name to a target name of its own, in the order given; later ones get a suffix."""
    used = set(taken)
    result: dict[str, str] = {}
    for name in names:
        target = fold(name, exact=exact)
        number = 2
        while target in used:
            suffix = f"_{number}"
            target = shorten(fold(name, exact=exact), limit=MAX_BYTES - len(suffix)) + suffix
            number += 1
        used.add(target)
        result[name] = target
    return result


_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
