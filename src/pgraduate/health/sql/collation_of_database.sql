-- The default collation's recorded and present version (PostgreSQL 15 and newer): one row.
SELECT d.datname AS name, d.datcollversion AS recorded,
       pg_catalog.pg_database_collation_actual_version(d.oid) AS actual
  FROM pg_catalog.pg_database AS d
 WHERE d.datname = current_database()
