-- Constraints with whether they hold for the rows that were there before them.
SELECT n.nspname AS schema, t.relname AS "table", c.conname AS name, c.contype::text AS kind, c.convalidated AS valid
  FROM pg_catalog.pg_constraint AS c
  JOIN pg_catalog.pg_class AS t ON t.oid = c.conrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = t.relnamespace
 WHERE c.contype IN ('c', 'f', 'n') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
   AND coalesce((pg_catalog.to_jsonb(c) ->> 'conenforced')::boolean, true)
 ORDER BY n.nspname, t.relname, c.conname
