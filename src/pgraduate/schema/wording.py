"""Counts in sentences."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """Write a count with its noun: `1 row`, `2,000 rows`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def every(count: int, noun: str) -> str:
    """Write that all of them agree: `the only value is`, `all 5 values are`."""
    return f"the only {noun} is" if count == 1 else f"all {count:,} {noun}s are"
