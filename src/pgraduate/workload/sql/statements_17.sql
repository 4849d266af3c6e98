-- This database's statements with their counters, pgraduate's own left out.
SELECT clock_timestamp()::text AS at,
       (SELECT stats_reset::text FROM {schema}.pg_stat_statements_info) AS reset,
       s.query, s.calls::float8 AS calls, (s.total_exec_time + s.total_plan_time) / 1000 AS seconds,
       s.rows::float8 AS rows, s.shared_blks_hit::float8 AS blocks_hit, s.shared_blks_read::float8 AS blocks_read,
       (s.temp_blks_read + s.temp_blks_written)::float8 AS temp_blocks,
       (s.shared_blk_read_time + s.shared_blk_write_time) / 1000 AS io_seconds, s.wal_bytes::float8 AS wal_bytes
  FROM {schema}.pg_stat_statements s
 WHERE s.dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
   AND s.query IS NOT NULL AND s.query <> '<insufficient privilege>'
   AND s.query !~* '^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|RESET|SHOW|EXPLAIN|VACUUM|ANALYZE|CREATE|DROP|ALTER|GRANT|COPY|PREPARE|DEALLOCATE|DISCARD|FETCH|DECLARE|CLOSE|LISTEN)\M'
   AND s.query !~ 'pg_catalog\.|pgraduate\.|hypopg'
