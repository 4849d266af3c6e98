-- Foreign keys with whether an index of their own table begins with their columns, in whatever order.  Before the first VACUUM or
-- ANALYZE the rows are those that were counted as written.
SELECT n.nspname AS schema, t.relname AS "table", c.conname AS name,
       (SELECT pg_catalog.array_agg(a.attname::text ORDER BY k.place)
          FROM pg_catalog.unnest(c.conkey) WITH ORDINALITY AS k (number, place)
          JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = k.number) AS columns,
       pn.nspname AS parent_schema, p.relname AS parent, 
       greatest(CASE WHEN t.reltuples < 0 THEN pg_catalog.pg_stat_get_live_tuples(t.oid) ELSE t.reltuples END, 0)::bigint AS rows,
       EXISTS (SELECT FROM pg_catalog.pg_index AS x
                WHERE x.indrelid = c.conrelid AND x.indisvalid AND x.indpred IS NULL
                  AND x.indnkeyatts >= pg_catalog.cardinality(c.conkey)
                  AND (x.indkey::smallint[])[0:pg_catalog.cardinality(c.conkey) - 1] @> c.conkey
                  AND (x.indkey::smallint[])[0:pg_catalog.cardinality(c.conkey) - 1] <@ c.conkey) AS indexed
  FROM pg_catalog.pg_constraint AS c
  JOIN pg_catalog.pg_class AS t ON t.oid = c.conrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = t.relnamespace
  JOIN pg_catalog.pg_class AS p ON p.oid = c.confrelid
  JOIN pg_catalog.pg_namespace AS pn ON pn.oid = p.relnamespace
 WHERE c.contype = 'f' AND c.conparentid = 0
 ORDER BY n.nspname, t.relname, c.conname
