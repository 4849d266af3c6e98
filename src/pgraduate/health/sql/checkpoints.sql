-- Checkpoints by the clock and on request since the statistics were reset (PostgreSQL 17 and newer): one row.
SELECT c.num_timed AS timed, c.num_requested AS requested,
       extract(epoch FROM clock_timestamp() - coalesce(c.stats_reset, pg_catalog.pg_postmaster_start_time()))::float8
       AS seconds,
       current_setting('max_wal_size') AS max_wal_size
  FROM pg_catalog.pg_stat_checkpointer AS c
