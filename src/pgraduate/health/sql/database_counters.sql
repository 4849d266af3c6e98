-- Counters of this database since its statistics were reset: one row.
SELECT s.temp_files, s.temp_bytes, s.deadlocks, coalesce(s.checksum_failures, 0) AS checksum_failures,
       current_setting('data_checksums') = 'on' AS checksums
  FROM pg_catalog.pg_stat_database AS s
 WHERE s.datname = current_database()
