-- Checkpoints by the clock and on request since the statistics were reset (PostgreSQL 14 to 16): one row.
SELECT b.checkpoints_timed AS timed, b.checkpoints_req AS requested,
       extract(epoch FROM clock_timestamp() - coalesce(b.stats_reset, pg_catalog.pg_postmaster_start_time()))::float8
       AS seconds,
       current_setting('max_wal_size') AS max_wal_size
  FROM pg_catalog.pg_stat_bgwriter AS b
