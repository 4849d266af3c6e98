-- The right to make objects, and whether an event trigger would run code when it is tried.
SELECT 'schema' AS kind, n.nspname::text AS name, pg_catalog.has_schema_privilege(n.oid, 'CREATE') AS granted,
       EXISTS (SELECT FROM pg_catalog.pg_event_trigger AS e
                WHERE e.evtenabled <> 'D' AND e.evtevent LIKE 'ddl%%') AS fires
  FROM pg_catalog.pg_namespace AS n
 WHERE n.nspname = ANY (%(schemas)s)
UNION ALL
SELECT 'database', pg_catalog.current_database()::text,
       pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'),
       EXISTS (SELECT FROM pg_catalog.pg_event_trigger AS e
                WHERE e.evtenabled <> 'D' AND e.evtevent LIKE 'ddl%%')
 ORDER BY 1 DESC, 2
