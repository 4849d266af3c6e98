-- Installed extensions with their schema and version, and the version that the server could give.
SELECT e.extname AS name, n.nspname AS schema, e.extversion AS version, a.default_version AS available
  FROM pg_catalog.pg_extension AS e
  JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace
  LEFT JOIN pg_catalog.pg_available_extensions AS a ON a.name = e.extname
 ORDER BY e.extname
