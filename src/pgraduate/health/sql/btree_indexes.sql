-- Valid B-tree indexes of users and of their TOAST tables, smallest first.
SELECT i.oid::bigint AS oid, n.nspname AS schema, i.relname AS name, t.relname AS "table",
       pg_catalog.pg_relation_size(i.oid) AS bytes
  FROM pg_catalog.pg_index AS x
  JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
  JOIN pg_catalog.pg_class AS t ON t.oid = x.indrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = i.relnamespace
  JOIN pg_catalog.pg_am AS m ON m.oid = i.relam
 WHERE m.amname = 'btree' AND i.relkind = 'i' AND x.indisvalid AND i.relpersistence <> 't'
   AND n.nspname NOT IN ('pg_catalog', 'information_schema')
   AND i.oid >= 16384 -- not the TOAST tables of the catalog
   AND pg_catalog.has_table_privilege(t.oid, 'SELECT')
 ORDER BY bytes, i.oid
