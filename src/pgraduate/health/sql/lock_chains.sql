-- Sessions that wait for a lock, who is in their way, and for how long they have waited.
-- pg_blocking_pids holds the lock manager for a moment: it is asked only of sessions that wait.
SELECT l.pid, pg_catalog.pg_blocking_pids(l.pid) AS blockers, l.mode,
       CASE WHEN l.relation IS NOT NULL AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d
                                                           WHERE d.datname = current_database())
            THEN l.relation::pg_catalog.regclass::text END AS relation,
       a.usename AS role, a.application_name AS application,
       extract(epoch FROM clock_timestamp() - l.waitstart)::float8 AS seconds
  FROM pg_catalog.pg_locks AS l
  JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid
 WHERE NOT l.granted
 ORDER BY l.waitstart NULLS LAST, l.pid
