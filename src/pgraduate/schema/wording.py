"""Counts in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LINE_ENDS = re.compile(r"\r\n|[\n\r]")


def counted(count: int, noun: str) -> str:
    """Write a count with its noun: `1 row`, `2,000 rows`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def every(count: int, noun: str) -> str:
    """Write that all of them agree: `the only value is`, `all 5 values are`."""
    return f"the only {noun} is" if count == 1 else f"all {count:,} {noun}s are"


def comment(text: str, *, indent: str = "") -> Iterator[str]:
    """Write text as comment lines; no line of it can leave the comment, whatever its line ends are."""
    for line in _LINE_ENDS.split(text.replace("\x00", "\\0")):
        yield f"-- {indent}{line}".rstrip()
