"""Text as comments of SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LINE_ENDS = re.compile(r"\r\n|[\n\r]")


def comment(text: str, *, indent: str = "") -> Iterator[str]:
    """Write text as comment lines; no line of it can leave the comment, whatever its line ends are."""
    for line in _LINE_ENDS.split(text.replace("\x00", "\\0")):
        yield f"-- {indent}{line}".rstrip()
