-- What keeps VACUUM from removing dead rows: every holder of an old snapshot, with its age in transactions.
SELECT 'session' AS kind, a.pid::text AS name, a.pid AS pid, a.usename::text AS owner,
       pg_catalog.age(a.backend_xmin)::bigint AS age, NULL::float8 AS seconds
  FROM pg_catalog.pg_stat_activity AS a
 WHERE a.backend_xmin IS NOT NULL AND a.pid <> pg_catalog.pg_backend_pid()
UNION ALL
SELECT 'replication slot', s.slot_name::text, s.active_pid, NULL,
       greatest(pg_catalog.age(s.xmin), pg_catalog.age(s.catalog_xmin))::bigint, NULL
  FROM pg_catalog.pg_replication_slots AS s
 WHERE s.xmin IS NOT NULL OR s.catalog_xmin IS NOT NULL
UNION ALL
SELECT 'prepared transaction', p.gid, NULL, p.owner::text, pg_catalog.age(p.transaction)::bigint,
       extract(epoch FROM clock_timestamp() - p.prepared)::float8
  FROM pg_catalog.pg_prepared_xacts AS p
 WHERE p.database = current_database()
 ORDER BY age DESC
