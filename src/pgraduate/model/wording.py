"""Counts in sentences."""

from __future__ import annotations


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
