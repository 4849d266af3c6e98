"""How many processors this process may use, as its affinity and its container allow."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path("/")


def cores_of(root: Path = ROOT) -> int:
    """Give the processors that this process may use, at least one."""
    cores = len(os.sched_getaffinity(0))
    quota, period = _quota(root)
    if quota is not None and period:
        cores = min(cores, -(-quota // period))
    return max(cores, 1)


def _quota(root: Path) -> tuple[int | None, int]:
    """Read the processor quota of cgroup v2, else v1, in microseconds per period."""
    path = root / "sys/fs/cgroup/cpu.max"
    if path.is_file():
        quota, _, period = path.read_text("ascii").strip().partition(" ")
        return (None, 0) if quota == "max" else (int(quota), int(period or 100_000))
    found = number_in(root / "sys/fs/cgroup/cpu/cpu.cfs_quota_us")
    period_v1 = number_in(root / "sys/fs/cgroup/cpu/cpu.cfs_period_us")
    return (found, period_v1) if found and found > 0 and period_v1 else (None, 0)


def number_in(path: Path) -> int | None:
    """Read a number, None where the file is absent or says that there is no limit."""
    try:
        text = path.read_text("ascii").strip()
    except OSError:
        return None
    return int(text) if text.lstrip("-").isdigit() else None
