"""From a machine to values: one formula, one reason and one source for each setting that is proposed.

A value is proposed only where it differs from what the server has, and a setting of memory or of workers is never
lowered: PostgreSQL's defaults are safe anywhere, and what somebody raised was raised for a reason.  Where the machine was
not measured, the default stays and nothing is said of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pgraduate.tune.settings.current import Setting
from pgraduate.tune.settings.machine import Machine

_MB, _GB = 1 << 20, 1 << 30
_PGTUNE = "pgtune"
_DOCS = "PostgreSQL documentation"


@dataclass(frozen=True, slots=True)
class Proposal:
    """`value` is what ALTER SYSTEM is given, `before` what the server has, both as people write them."""

    name: str
    value: str
    before: str
    formula: str
    reason: str
    source: str
    needs_restart: bool


Current = Mapping[str, Setting]


def propose(machine: Machine, current: Current, *, statistics: bool = True) -> tuple[Proposal, ...]:
    """Propose settings; `statistics` asks for pg_stat_statements to be loaded, where the server has it.

    The result is empty for a server that has all of it already.
    """
    found = [*_memory(machine, current), *_wal(machine, current), *_planner(machine, current)]
    found += [*_workers(machine, current), *_connections(current), *_logging(current)]
    if statistics:
        found += _statistics(current)
    return tuple(found)


def _memory(machine: Machine, current: Current) -> Iterator[Proposal]:
    memory = int(machine.memory * machine.share)
    buffers = min(memory // 4, 16 * _GB)
    if machine.data:
        # More than the data and their growth is memory that the system's own cache could use.
        buffers = min(buffers, max(2 * machine.data, 128 * _MB))
    yield from _raise(
        current, "shared_buffers", buffers, "a quarter of the memory, at most twice the data, at most 16 GB",
        "pages that are read often stay with the server", f"{_DOCS}, 20.4: 25 % of the memory",
    )  # fmt: skip
    yield from _raise(
        current, "effective_cache_size", memory * 3 // 4, "three quarters of the memory",
        "the planner trusts that indexes are cached; nothing is reserved", _PGTUNE,
    )  # fmt: skip
    shared = max(buffers, current["shared_buffers"].bytes)
    connections = int(current["max_connections"].setting)
    sorters = (connections + int(current["max_worker_processes"].setting)) * 3
    yield from _raise(
        current, "work_mem", (memory - shared) // sorters, "(memory - shared_buffers) / ((connections + workers) x 3)",
        "sorts and hashes that fit write no temporary files", _PGTUNE, step=_MB, most=256 * _MB,
    )  # fmt: skip
    yield from _raise(
        current, "maintenance_work_mem", memory // 16, "a sixteenth of the memory, at most 2 GB",
        "VACUUM and CREATE INDEX pass once over a large table", _PGTUNE, most=2 * _GB - _MB,
    )  # fmt: skip


def _wal(machine: Machine, current: Current) -> Iterator[Proposal]:
    room = machine.wal_room
    if room is not None:
        wanted = min(4 * _GB, int(room * 0.2))
        yield from _raise(
            current, "max_wal_size", wanted, "4 GB, at most a fifth of the disk's free room",
            "checkpoints come by time and not by volume, and write each page less often", _PGTUNE,
        )  # fmt: skip
        if wanted >= 4 * _GB:
            yield from _raise(
                current, "min_wal_size", _GB, "1 GB where max_wal_size is 4 GB",
                "WAL files are used again instead of made anew", _PGTUNE,
            )  # fmt: skip
    yield from _checkpoints(current)
    compression = current["wal_compression"]
    best = "lz4" if "lz4" in compression.choices else "on"
    if compression.setting == "off":
        yield _proposal(
            compression, best, "lz4 where the server has it, else on",
            "whole pages in the WAL are compressed: less to write and to ship", _PGTUNE,
        )  # fmt: skip


def _checkpoints(current: Current) -> Iterator[Proposal]:
    target, timeout = current["checkpoint_completion_target"], current["checkpoint_timeout"]
    if float(target.setting) < 0.9:
        yield _proposal(
            target, "0.9", "0.9", "a checkpoint's writes are spread over the time until the next", _PGTUNE
        )
    if int(timeout.setting) < 900:
        yield _proposal(
            timeout, "15min", "15 minutes",
            "after a checkpoint each page goes whole into the WAL once; recovery reads at most so much more of it",
            f"{_DOCS}, 30.5: a longer interval writes less WAL; field practice",
        )  # fmt: skip


def _planner(machine: Machine, current: Current) -> Iterator[Proposal]:
    cached = machine.data and machine.data < machine.memory * machine.share / 2
    if machine.disk == "fast" or cached:
        why = (
            "a random read of this disk was measured below 1 ms"
            if machine.disk == "fast"
            else "the data fit into memory"
        )
        if float(current["random_page_cost"].setting) > 1.1 and machine.disk != "slow":
            yield _proposal(current["random_page_cost"], "1.1", "1.1 where random reads are cheap", why, _PGTUNE)
        concurrency = current["effective_io_concurrency"]
        if machine.disk == "fast" and 0 < int(concurrency.setting) < 200 and int(concurrency.max_val or 0) >= 200:
            yield _proposal(concurrency, "200", "200 for a solid-state disk", "bitmap scans read ahead", _PGTUNE)
    jit = current["jit"]
    if jit.setting == "on":
        yield _proposal(
            jit, "off", "off for short statements",
            "an application that came from SQLite asks short questions; compiling takes longer than answering", _PGTUNE,
        )  # fmt: skip


def _workers(machine: Machine, current: Current) -> Iterator[Proposal]:
    if machine.cores >= 4:
        for name, wanted in (
            ("max_worker_processes", machine.cores),
            ("max_parallel_workers", machine.cores),
            ("max_parallel_workers_per_gather", min(4, -(-machine.cores // 2))),
            ("max_parallel_maintenance_workers", min(4, -(-machine.cores // 2))),
        ):
            if wanted > int(current[name].setting):
                yield _proposal(
                    current[name], str(wanted), "by the number of processors", "they would stay idle", _PGTUNE
                )
    limit = current["autovacuum_vacuum_cost_limit"]
    if machine.disk == "fast" and limit.setting in ("-1", "200"):
        yield _proposal(
            limit, "1000", "1000 on a fast disk", "autovacuum keeps up; its default dates from turning disks",
            f"{_DOCS}, 20.10; field practice",
        )  # fmt: skip


def _connections(current: Current) -> Iterator[Proposal]:
    """How many there may be stays as it is: no server tells how many there ever were, and each costs memory."""
    interval = current["client_connection_check_interval"]
    if interval.setting == "0":
        yield _proposal(
            interval, "10s", "10 seconds",
            "a statement whose client is gone ends, instead of running on and holding its locks", f"{_DOCS}, 20.3",
        )  # fmt: skip


def _logging(current: Current) -> Iterator[Proposal]:
    for name, reason in (
        ("log_checkpoints", "checkpoints that come too often are seen"),
        ("log_lock_waits", "who waits longer than deadlock_timeout is named in the log"),
        ("track_io_timing", "plans and statistics tell waiting for the disk from computing"),
    ):
        if current[name].setting == "off":
            yield _proposal(current[name], "on", "on", reason, _DOCS)
    for name, value, reason in (
        ("log_temp_files", "10MB", "sorts and hashes that did not fit into work_mem are named in the log"),
        ("log_autovacuum_min_duration", "10min", "an autovacuum that takes long is named in the log"),
    ):
        if current[name].setting == "-1":
            yield _proposal(current[name], value, value, reason, _DOCS)
    prefix = current["log_line_prefix"]
    if prefix.setting == prefix.boot_val:
        yield _proposal(
            prefix, "%m [%p] %q%u@%d/%a ", "time, process, role, database, application",
            "a line of the log says whose session wrote it", _DOCS,
        )  # fmt: skip


def _statistics(current: Current) -> Iterator[Proposal]:
    preload = current.get("shared_preload_libraries")
    if preload is None:
        return  # only a superuser is shown what is loaded, and a list must not be replaced unseen
    names = [name.strip() for name in preload.setting.split(",") if name.strip()]
    if "pg_stat_statements" not in names:
        yield _proposal(
            preload, ", ".join([*names, "pg_stat_statements"]), "what is there, and pg_stat_statements",
            "`tune statements` reads which statements take the time; a restart loads it", _DOCS,
        )  # fmt: skip


def _raise(
    current: Current,
    name: str,
    wanted: int,
    formula: str,
    reason: str,
    source: str,
    *,
    step: int = _MB,
    most: int | None = None,
) -> Iterator[Proposal]:
    """Propose a size, rounded down to whole steps, where it is more than the server has by a tenth at least."""
    setting = current[name]
    value = min(wanted, most) if most is not None else wanted
    value = value // step * step
    if value > setting.bytes * 1.1:
        yield _proposal(setting, f"{value // _MB}MB", formula, reason, source)


def _proposal(setting: Setting, value: str, formula: str, reason: str, source: str) -> Proposal:
    return Proposal(setting.name, value, shown(setting), formula, reason, source, setting.needs_restart)


def shown(setting: Setting) -> str:
    """Write a setting's present value as people do."""
    if setting.unit in ("kB", "8kB", "MB", "16MB", "B") and setting.setting != "-1":
        size = setting.bytes
        return f"{size // _MB}MB" if size >= _MB and size % _MB == 0 else f"{size // 1024}kB"
    return f"{setting.setting}{setting.unit}" if setting.setting != "-1" else "-1"
