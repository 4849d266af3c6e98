"""From where on a measurement is a finding: every number with its source.

They are one value, so that a caller can lay his own over them and a test can find what it planted in a small server.
"""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024
GIB = 1024 * MIB
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Bytes, seconds, rows and shares (0 to 1), as each name says; `_notice`, `_warning`, `_error` are severities."""

    bloat_bytes: int = 10 * MIB
    """Relations below this are not measured for bloat (check_postgres and pgstattuple users agree on 10 MB)."""
    index_density: float = 50.0
    """Percent of a leaf page in use, scaled to fillfactor 90, below which a rebuild halves an index."""
    table_free_share: float = 0.5
    table_free_warning_bytes: int = 100 * MIB
    table_free_large_share: float = 0.25
    table_free_large_bytes: int = GIB
    stale_share: float = 0.1
    """Share of rows changed since ANALYZE above which an estimate from statistics is no longer made."""
    dead_rows: int = 10_000
    dead_share: float = 0.2
    """PostgreSQL's own autovacuum_vacuum_scale_factor."""
    autovacuum_lag: float = 2.0
    """Times the autovacuum trigger."""
    autovacuum_wait: float = 3600.0
    """Seconds since the last vacuum or analyze before a passed trigger counts as lag."""
    statistics_rows: int = 1_000
    wraparound_warning: int = 2**31 // 2
    wraparound_error: int = 2**31 * 8 // 10
    """Transaction and multixact ages; the server stops 3 million short of 2^31 (check_postgres: 1.3e9 and 1.4e9)."""
    sequence_warning: float = 0.85
    sequence_error: float = 0.95
    """check_postgres; PgHero uses 0.9."""
    long_query: float = 60.0
    """PgHero."""
    long_transaction: float = 300.0
    idle_warning: float = 60.0
    idle_error: float = 300.0
    prepared_transaction: float = 300.0
    horizon_age: int = 10_000_000
    """Transactions behind the oldest snapshot; well below autovacuum_freeze_max_age (200 million)."""
    lock_warning: float = 5.0
    lock_error: float = 30.0
    connections_warning: float = 0.7
    connections_error: float = 0.9
    """Of max_connections (postgresqltuner)."""
    cache_notice: float = 0.99
    cache_warning: float = 0.95
    """PgHero."""
    cache_reads: int = 1_000_000
    """Blocks asked for before the share means anything: 8 GB."""
    checkpoints: int = 20
    checkpoints_requested: float = 0.5
    slot_warning_bytes: int = GIB
    slot_error_bytes: int = 10 * GIB
    replication_lag: float = 5.0
    """Seconds (PgHero)."""
    replication_lag_bytes: int = 16 * MIB
    """One WAL segment."""
    disk_notice: float = 0.2
    disk_warning: float = 0.1
    disk_error: float = 0.05
    """Share of the disk that is free."""
    forecast_warning_days: float = 30.0
    forecast_error_days: float = 7.0
    unused_window: float = 14 * DAY
    """Seconds of statistics without which no index is called unused."""
    unused_bytes: int = 10 * MIB
    duplicate_bytes: int = 0
    foreign_key_rows: int = 10_000
    temp_bytes_per_day: int = GIB
    deadlocks_per_day: float = 1.0


DEFAULT = Thresholds()
