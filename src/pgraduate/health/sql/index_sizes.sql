-- B-tree indexes of users and of their TOAST tables that are large enough to measure, and the number of all.
SELECT i.oid::bigint AS oid, n.nspname AS schema, i.relname AS name, tn.nspname AS table_schema, t.relname AS "table",
       pg_catalog.pg_relation_size(i.oid) AS bytes, i.reltuples::float8 AS entries, x.indisunique AS is_unique,
       coalesce((SELECT o.option_value::integer FROM pg_catalog.pg_options_to_table(i.reloptions) AS o
                  WHERE o.option_name = 'fillfactor'), 90) AS fillfactor,
       s.n_mod_since_analyze::float8 / greatest(t.reltuples, 1) AS stale,
       (SELECT pg_catalog.count(*) FROM pg_catalog.unnest(x.indkey::smallint[]) AS k WHERE k = 0) AS expressions,
       (SELECT sum(8 * ceil(coalesce(st.avg_width, 0) * (1 - st.null_frac) / 8.0))
          FROM pg_catalog.unnest(x.indkey::smallint[]) AS k
          JOIN pg_catalog.pg_attribute AS a ON a.attrelid = x.indrelid AND a.attnum = k
          JOIN pg_catalog.pg_stats AS st
            ON st.schemaname = tn.nspname AND st.tablename = t.relname AND st.attname = a.attname
           AND NOT st.inherited)::float8 AS width,
       (SELECT pg_catalog.count(st.attname)
          FROM pg_catalog.unnest(x.indkey::smallint[]) AS k
          JOIN pg_catalog.pg_attribute AS a ON a.attrelid = x.indrelid AND a.attnum = k
          JOIN pg_catalog.pg_stats AS st
            ON st.schemaname = tn.nspname AND st.tablename = t.relname AND st.attname = a.attname
           AND NOT st.inherited) = x.indnatts AS complete
  FROM pg_catalog.pg_index AS x
  JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
  JOIN pg_catalog.pg_class AS t ON t.oid = x.indrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = i.relnamespace
  JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.relnamespace
  JOIN pg_catalog.pg_am AS m ON m.oid = i.relam
  LEFT JOIN pg_catalog.pg_stat_all_tables AS s ON s.relid = t.oid
 WHERE m.amname = 'btree' AND i.relkind = 'i' AND x.indisvalid AND i.relpersistence <> 't'
   AND n.nspname NOT IN ('pg_catalog', 'information_schema')
   AND i.oid >= 16384 -- not the TOAST tables of the catalog
   AND pg_catalog.pg_relation_size(i.oid) >= %(bytes)s
 ORDER BY bytes DESC, i.oid
