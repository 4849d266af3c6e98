-- Transactions for which CONCURRENTLY would have to wait: the oldest one's age in seconds, NULL where there is none.
SELECT extract(epoch FROM clock_timestamp() - min(a.xact_start))::float8 AS seconds
  FROM pg_catalog.pg_stat_activity AS a
 WHERE a.datname = current_database() AND a.pid <> pg_catalog.pg_backend_pid() AND a.xact_start IS NOT NULL
   AND a.backend_type <> 'autovacuum worker'
