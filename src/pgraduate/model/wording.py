"""Counts and names in sentences that people read."""

from __future__ import annotations

import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def counted(count: int, noun: str) -> str:
    """Write a count with its noun, which is given for one: `1 index`, `2,000 indexes`."""
    return f"{count:,} {noun if count == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """Write a regular noun for several."""
    if noun.endswith(("s", "x", "ch", "sh")):
        return f"{noun}es"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}s"


def every(count: int, noun: str) -> str:
    """Write that all of them agree: `the only value is`, `all 5 values are`."""
    return f"the only {noun} is" if count == 1 else f"all {count:,} {plural(noun)} are"


def differ(rows: int) -> str:
    """Write how many rows differ: `1 row differs`, `0 rows differ`."""
    return f"{counted(rows, 'row')} differ{'s' if rows == 1 else ''}"


def visible(name: str) -> str:
    """Write a name so that it stays on its line and commands no terminal: `a\\nb` for a name with a line end."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), name)
