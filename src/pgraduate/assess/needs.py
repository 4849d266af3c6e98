"""Disk, time and WAL, extrapolated from a sample that was really loaded; without one they are not measured.

Every table is extrapolated by its own rows, because tables differ in width and in their indexes.  The extrapolation
is linear: sorting an index costs a little more than that, a larger server less.
"""

from __future__ import annotations

from dataclasses import dataclass

from pgraduate.model.figure import Figure

_STEP = "sample"


@dataclass(frozen=True, slots=True)
class SampledTable:
    """`rows` of `of_rows` were loaded; `bytes` is what they take with their indexes, `seconds` the time of the copy."""

    name: str
    rows: int
    of_rows: int
    bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Sample:
    """`finish_seconds` is the time of keys and indexes, `wal_bytes` what the server wrote to its log meanwhile."""

    tables: tuple[SampledTable, ...]
    finish_seconds: float
    wal_bytes: int
    server: str

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    @property
    def of_rows(self) -> int:
        return sum(table.of_rows for table in self.tables)


@dataclass(frozen=True, slots=True)
class Needs:
    disk: Figure
    seconds: Figure
    wal: Figure
    basis: str


def needs(sample: Sample | None, why_not: str) -> Needs:
    """Extrapolate what the whole source needs; `why_not` says why there is no sample."""
    if sample is None:
        return Needs(_disk(None), _seconds(None), _wal(None), f"not measured: {why_not}")
    part = sample.of_rows / sample.rows if sample.rows else 1.0
    return Needs(
        _disk(round(sum(table.bytes * _times(table) for table in sample.tables))),
        _seconds(sum(table.seconds * _times(table) for table in sample.tables) + sample.finish_seconds * part),
        _wal(round(sample.wal_bytes * part)),
        f"{sample.rows:,} of {sample.of_rows:,} rows loaded and removed again on {sample.server}, with their keys and "
        "indexes, each table extrapolated by its rows; sealing, counting and comparing are not in the time, other "
        "sessions' log is in the WAL",
    )


def _disk(value: int | None) -> Figure:
    return Figure("disk for tables and indexes", value, "bytes", _STEP)


def _seconds(value: float | None) -> Figure:
    return Figure("time to load and index", value, "seconds", _STEP)


def _wal(value: int | None) -> Figure:
    return Figure("WAL written", value, "bytes", _STEP)


def _times(table: SampledTable) -> float:
    return table.of_rows / table.rows if table.rows else 1.0
