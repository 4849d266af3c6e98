-- Bytes of every database that this role may measure.
SELECT d.datname AS name, d.datname = current_database() AS current,
       CASE WHEN pg_catalog.has_database_privilege(d.oid, 'CONNECT') THEN pg_catalog.pg_database_size(d.oid) END AS bytes
  FROM pg_catalog.pg_database AS d
 ORDER BY d.datname
