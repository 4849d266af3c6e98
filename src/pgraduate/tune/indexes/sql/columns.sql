-- Tables of users with their columns, statistics and write counters.  Pages are counted now: relpages is 0 until the first VACUUM
-- or ANALYZE, and so is what reltuples tells; until then the rows are those that were counted as written.
SELECT c.oid::bigint AS oid, n.nspname AS schema, c.relname AS name,
       greatest(CASE WHEN c.relkind = 'p' THEN l.rows
                     WHEN c.reltuples < 0 THEN pg_catalog.pg_stat_get_live_tuples(c.oid)
                     ELSE c.reltuples END, 0)::float8 AS rows,
       pg_catalog.pg_relation_size(c.oid) / current_setting('block_size')::bigint AS pages,
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
       SELECT sum(CASE WHEN leaf.reltuples < 0 THEN pg_catalog.pg_stat_get_live_tuples(leaf.oid)
                       ELSE leaf.reltuples END) AS rows,
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
