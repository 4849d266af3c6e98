"""What a server has to work with: memory and processors as its container allows them, and how fast its disk is.

A limit that is absent means none, and one above the physical memory means none too (a cgroup writes "max", or a number
as large as a word).  `rotational` in /sys says 1 of every virtual disk and is not asked: the disk is measured.
"""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pgraduate.processors import number_in

ROOT = Path("/")
FAST_MS, SLOW_MS = 1.0, 4.0
"""A random read of a solid-state disk takes well below a millisecond, one of a turning disk 4 to 12."""
_READS = 48
_SMALLEST = 16 << 20


@dataclass(frozen=True, slots=True)
class Machine:
    """`memory` and `data` in bytes; `disk` is None where it was not measured; `share` is what part of the memory the
    server may count on: all of it, or half where the application lives beside it."""

    memory: int
    cores: int
    disk: Literal["fast", "slow"] | None
    data: int
    wal_room: int | None = None
    share: float = 1.0


def memory_of(root: Path = ROOT) -> int:
    """Give the memory in bytes that this process may use: the smallest of its cgroups' limits and what there is."""
    for line in (root / "proc/meminfo").read_text("ascii").splitlines():
        if line.startswith("MemTotal:"):
            physical = int(line.split()[1]) * 1024
            break
    else:
        raise ValueError("/proc/meminfo names no MemTotal")
    limits = [
        number_in(root / "sys/fs/cgroup/memory.max"),
        number_in(root / "sys/fs/cgroup/memory/memory.limit_in_bytes"),
    ]
    return min([physical, *(limit for limit in limits if limit is not None and 0 < limit < physical)])


def measure_disk(directory: Path) -> Literal["fast", "slow"] | None:
    """Read random pages of the largest file around the page cache; None where nothing is large enough or it is unclear.

    The median counts: a few reads always find something in a cache.
    """
    files = [path for path in directory.rglob("*") if path.is_file() and path.stat().st_size >= _SMALLEST]
    if not files:
        return None
    largest = max(files, key=lambda path: path.stat().st_size)
    descriptor = os.open(largest, os.O_RDONLY)
    try:
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_RANDOM)
        pages = largest.stat().st_size // 8192
        taken = []
        for page in random.Random(0).sample(range(pages), min(_READS, pages)):
            started = time.perf_counter()
            os.pread(descriptor, 8192, page * 8192)
            taken.append((time.perf_counter() - started) * 1000)
    finally:
        os.close(descriptor)
    median = sorted(taken)[len(taken) // 2]
    return "fast" if median < FAST_MS else "slow" if median > SLOW_MS else None
