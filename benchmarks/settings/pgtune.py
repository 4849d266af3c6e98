"""pgtune's published rules for a web application on Linux with a solid-state disk, as a contender and nothing else.

Source: the formulas of pgtune (le0pard/pgtune, 2026); memory in bytes.
"""

from __future__ import annotations

_KB, _MB, _GB = 1 << 10, 1 << 20, 1 << 30
CONNECTIONS = 200
DEFAULT_WORKERS = 8
"""What max_worker_processes counts as below four processors."""


def pgtune_settings(memory: int, cores: int, data: int, version: int) -> dict[str, str]:
    """Give the settings that pgtune prints for DB type "web", storage "ssd" and this memory."""
    buffers = memory // 4
    workers = cores if cores >= 4 else DEFAULT_WORKERS
    work = (memory - buffers) / ((CONNECTIONS + workers) * 3)
    work *= 1.3 if data < memory else 0.9
    wal_buffers = min(buffers * 3 // 100, 16 * _MB)
    wal_buffers = 16 * _MB if wal_buffers > 14 * _MB else max(wal_buffers, 32 * _KB)
    maintenance = min(memory // 16, 8 * _GB)
    settings = {
        "max_connections": str(CONNECTIONS),
        "shared_buffers": f"{buffers // _KB}kB",
        "effective_cache_size": f"{memory * 3 // 4 // _KB}kB",
        "maintenance_work_mem": f"{maintenance // _KB}kB",
        "min_wal_size": "1GB",
        "max_wal_size": "4GB",
        "wal_buffers": f"{wal_buffers // _KB}kB",
        "checkpoint_completion_target": "0.9",
        "default_statistics_target": "100",
        "random_page_cost": "1.1",
        "effective_io_concurrency": "200",
        "work_mem": f"{max(int(work) // _KB, 4096)}kB",
        "huge_pages": "try" if buffers >= 2 * _GB else "off",
        "jit": "off",
        "wal_compression": "lz4" if version >= 15 else "on",
    }
    if maintenance >= 2 * _GB:
        settings["autovacuum_work_mem"] = "2GB"
    if cores >= 4:
        per_gather = min(-(-cores // 2), 4)
        settings |= {
            "max_worker_processes": str(cores),
            "max_parallel_workers": str(cores),
            "max_parallel_workers_per_gather": str(per_gather),
            "max_parallel_maintenance_workers": str(per_gather),
        }
    return settings
