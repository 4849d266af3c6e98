-- Tables, materialized views and TOAST tables that are large enough to measure, with what an estimate of them needs.
SELECT c.oid::bigint AS oid, n.nspname AS schema, c.relname AS name, c.relkind = 't' AS is_toast,
       owner.schema AS owner_schema, owner.name AS owner,
       pg_catalog.pg_relation_size(c.oid) AS bytes, c.reltuples::float8 AS rows,
       coalesce((SELECT o.option_value::integer FROM pg_catalog.pg_options_to_table(c.reloptions) AS o
                  WHERE o.option_name = 'fillfactor'), 100) AS fillfactor,
       s.n_mod_since_analyze::float8 / greatest(c.reltuples, 1) AS stale,
       stat.width, stat.columns = (SELECT pg_catalog.count(*) FROM pg_catalog.pg_attribute AS a
                                    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS complete
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN LATERAL (
       SELECT tn.nspname AS schema, t.relname AS name
         FROM pg_catalog.pg_class AS t
         JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.relnamespace
        WHERE t.reltoastrelid = c.oid) AS owner ON c.relkind = 't'
  LEFT JOIN pg_catalog.pg_stat_all_tables AS s ON s.relid = c.oid
  LEFT JOIN LATERAL (
       SELECT pg_catalog.count(*) AS columns, sum(st.avg_width * (1 - st.null_frac))::float8 AS width
         FROM pg_catalog.pg_stats AS st
        WHERE st.schemaname = n.nspname AND st.tablename = c.relname AND NOT st.inherited) AS stat ON true
 WHERE c.relkind IN ('r', 'm', 't') AND c.relpersistence <> 't'
   AND n.nspname NOT IN ('pg_catalog', 'information_schema')
   AND coalesce(owner.schema, '') NOT IN ('pg_catalog', 'information_schema')
   AND pg_catalog.pg_relation_size(c.oid) >= %(bytes)s
 ORDER BY bytes DESC, c.oid
