-- The tables of this database that are oldest, with their TOAST tables' ages taken into theirs.
SELECT n.nspname AS schema, c.relname AS name,
       greatest(pg_catalog.age(c.relfrozenxid), pg_catalog.age(t.relfrozenxid))::bigint AS xids,
       greatest(pg_catalog.mxid_age(c.relminmxid), pg_catalog.mxid_age(t.relminmxid))::bigint AS multixacts
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_class AS t ON t.oid = c.reltoastrelid
 WHERE c.relkind IN ('r', 'm') AND c.relfrozenxid <> '0'
 ORDER BY greatest(pg_catalog.age(c.relfrozenxid), pg_catalog.mxid_age(c.relminmxid)) DESC
 LIMIT 5
