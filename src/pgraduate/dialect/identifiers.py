"""Names that the dialect itself gives to PostgreSQL objects: folded, cut to 63 bytes, quoted.

The same rules as the room that speaks to PostgreSQL has; the dialect stays below it and keeps its own few lines.
"""

from __future__ import annotations

import hashlib
import string

MAX_BYTES = 63
_ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def quote(name: str) -> str:
    """Quote one identifier."""
    return '"' + name.replace('"', '""') + '"'


def qualified(*names: str) -> str:
    return ".".join(quote(name) for name in names)


def literal(value: str) -> str:
    """Quote a string constant; a backslash switches to the form that no setting reinterprets."""
    quoted = "'" + value.replace("'", "''") + "'"
    return "E" + quoted.replace("\\", "\\\\") if "\\" in value else quoted


def fold(name: str) -> str:
    """Give the target name of a source name: ASCII lower case, at most 63 bytes, ending in a hash where cut."""
    folded = name.translate(_ASCII_LOWER).replace("\x00", "") or "unnamed"
    encoded = folded.encode()
    if len(encoded) <= MAX_BYTES:
        return folded
    return encoded[: MAX_BYTES - 9].decode(errors="ignore") + "_" + hashlib.sha256(encoded).hexdigest()[:8]
