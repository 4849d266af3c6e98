"""Sizes as people write them on a command line."""

from __future__ import annotations

import re

from pgraduate.errors import UsageError


def size(text: str) -> int:
    """Read a size such as 300MB in bytes; raise UsageError for anything else."""
    found = re.fullmatch(r"(\d+)\s*(kB|MB|GB|)", text.strip(), flags=re.IGNORECASE)
    if found is None:
        raise UsageError(f"'{text}' is not a size", hint="a number with kB, MB or GB, such as 300MB")
    return int(found[1]) * {"": 1, "kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30}[found[2].lower()]
