-- Sessions whose old snapshot a concurrent build would have to wait for; a role sees others' start only with pg_monitor.
SELECT count(*) AS sessions, coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)::float8 AS seconds
  FROM pg_catalog.pg_stat_activity
 WHERE datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid()
   AND backend_xmin IS NOT NULL AND xact_start < clock_timestamp() - interval '5 seconds'
   AND backend_type = 'client backend'
