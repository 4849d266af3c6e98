-- Other sessions of clients: how long their transaction, statement and idleness last, in seconds.  No statement's text.
SELECT a.pid, a.usename AS role, a.datname AS database, a.application_name AS application, a.state,
       a.query_id IS NOT NULL AND a.state = 'active' AS is_known,
       extract(epoch FROM clock_timestamp() - a.xact_start)::float8 AS transaction_seconds,
       extract(epoch FROM clock_timestamp() - a.query_start)::float8 AS query_seconds,
       extract(epoch FROM clock_timestamp() - a.state_change)::float8 AS state_seconds
  FROM pg_catalog.pg_stat_activity AS a
 WHERE a.backend_type = 'client backend' AND a.pid <> pg_catalog.pg_backend_pid()
    OR a.backend_type IS NULL AND a.pid <> pg_catalog.pg_backend_pid() AND a.usename IS NOT NULL
 ORDER BY a.pid
