-- Blocks of this database that were found in memory, and that were not, since the statistics were reset: one row.
SELECT s.blks_hit AS hit, s.blks_read AS read,
       pg_catalog.pg_size_bytes(current_setting('shared_buffers')) AS buffers
  FROM pg_catalog.pg_stat_database AS s
 WHERE s.datname = current_database()
