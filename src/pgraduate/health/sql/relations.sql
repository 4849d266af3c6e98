-- The largest relations of users, with their own bytes and the planner's number of rows.
SELECT n.nspname AS schema, c.relname AS name,
       CASE c.relkind WHEN 'i' THEN 'index' WHEN 't' THEN 'toast' WHEN 'm' THEN 'view' ELSE 'table' END AS kind,
       pg_catalog.pg_relation_size(c.oid) AS bytes, greatest(c.reltuples, 0)::bigint AS rows
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'm', 'i', 't') AND c.relpersistence <> 't'
   AND n.nspname NOT IN ('pg_catalog', 'information_schema')
   AND c.oid >= 16384 -- not the TOAST tables of the catalog
   AND pg_catalog.pg_relation_size(c.oid) > 0
 ORDER BY bytes DESC, n.nspname, c.relname
 LIMIT 500
