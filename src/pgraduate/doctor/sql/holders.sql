-- Who holds connections: by database, role, application and state, the most first; what this role may not see is NULL.
SELECT datname AS database, usename AS role, nullif(application_name, '') AS application, state, count(*) AS connections
  FROM pg_catalog.pg_stat_activity
 WHERE backend_type = 'client backend' AND pid <> pg_catalog.pg_backend_pid()
 GROUP BY datname, usename, application_name, state
 ORDER BY count(*) DESC, 1, 2, 3, 4
