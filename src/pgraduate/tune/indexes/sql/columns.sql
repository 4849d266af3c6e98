-- Tables of users with their columns, statistics and write counters.
SELECT c.oid::bigint AS oid, n.nspname AS schema, c.relname AS name,
       greatest(CASE c.relkind WHEN 'p' THEN l.rows ELSE c.reltuples END, 0)::float8 AS rows, c.relpages::bigint AS pages,
       pg_catalog.pg_table_size(c.oid) AS bytes,
       coalesce(s.n_tup_upd, 0) AS updates, coalesce(s.n_tup_hot_upd, 0) AS hot_updates,
       coalesce(l.partitions, '{}'::text[]) AS partitions,
       a.attname AS column, a.attnum::int AS number, pg_catalog.format_type(a.atttypid, NULL) AS type,
       a.attnotnull AS not_null,
       coalesce(co.collname, '') AS collation,
       coalesce(p.null_frac, 0)::float8 AS null_frac,
       coalesce(p.avg_width, CASE WHEN a.attlen > 0 THEN a.attlen ELSE 32 END)::int AS width,
       coalesce(p.n_distinct, 0)::float8 AS n_distinct,
       coalesce(p.correlation, 0)::float8 AS correlation
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation
  LEFT JOIN pg_catalog.pg_stats p ON p.schemaname = n.nspname AND p.tablename = c.relname AND p.attname = a.attname
                                 AND p.inherited = (c.relkind = 'p')
  LEFT JOIN pg_catalog.pg_stat_user_tables s ON s.relid = c.oid
  LEFT JOIN LATERAL (
       SELECT sum(greatest(leaf.reltuples, 0)) AS rows,
              array_agg(ARRAY[ln.nspname::text, leaf.relname::text] ORDER BY leaf.oid) AS partitions
         FROM pg_catalog.pg_partition_tree(c.oid) AS t
         JOIN pg_catalog.pg_class AS leaf ON leaf.oid = t.relid
         JOIN pg_catalog.pg_namespace AS ln ON ln.oid = leaf.relnamespace
        WHERE t.isleaf AND c.relkind = 'p') AS l ON true
 WHERE c.relkind IN ('r', 'm', 'p')
   AND c.relpersistence <> 't'
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgraduate', 'pgraduate_compat')
   AND n.nspname !~ '^pg_(toast|temp)'
 ORDER BY c.oid, a.attnum
