"""What a container says of its limits, and what it leaves out."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgraduate.processors import cores_of
from pgraduate.tune.settings.machine import measure_disk, memory_of

GB = 1 << 30


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/meminfo").write_text(f"MemTotal:       {16 * GB // 1024} kB\nMemFree: 1 kB\n")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("memory.max", "max", 16 * GB),
        ("memory.max", str(2 * GB), 2 * GB),
        ("memory.max", str(8_388_608 << 40), 16 * GB),
        ("memory/memory.limit_in_bytes", str(GB), GB),
        ("memory/memory.limit_in_bytes", "9223372036854771712", 16 * GB),
        ("memory/memory.limit_in_bytes", "-1", 16 * GB),
        ("absent", "", 16 * GB),
    ],
)
def test_the_smallest_limit_counts_and_no_limit_is_none(root: Path, name: str, text: str, expected: int) -> None:
    path = root / "sys/fs/cgroup" / name
    path.parent.mkdir(parents=True)
    path.write_text(text)
    assert memory_of(root) == expected


@pytest.mark.parametrize(("text", "most"), [("max 100000", None), ("100000 100000", 1), ("50000 100000", 1)])
def test_a_quota_of_processors_is_rounded_up(root: Path, text: str, most: int | None) -> None:
    (root / "sys/fs/cgroup").mkdir(parents=True)
    (root / "sys/fs/cgroup/cpu.max").write_text(text)
    assert cores_of(root) == (most if most is not None else cores_of(Path("/nowhere")))


def test_a_disk_without_a_file_that_is_large_enough_is_not_measured(tmp_path: Path) -> None:
    (tmp_path / "small").write_bytes(b"x" * 100)
    assert measure_disk(tmp_path) is None
