"""Processes below a process, as /proc lists them."""

from __future__ import annotations

import time
from pathlib import Path


def below(pid: int) -> list[int]:
    """Give the processes that a process and its children have started, the nearest first."""
    found: list[int] = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            named = [int(word) for word in children.read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
        found += named
    return found + [deeper for child in found for deeper in below(child)]


def await_end(pids: list[int], seconds: float = 10.0) -> None:
    """Wait until none of them runs any more; one that nobody has buried yet counts as ended."""
    deadline = time.monotonic() + seconds
    while left := [pid for pid in pids if _runs(pid)]:
        assert time.monotonic() < deadline, f"still running: {left}"
        time.sleep(0.01)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
