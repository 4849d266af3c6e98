-- Tables with their counters, and autovacuum's triggers by the settings that hold for each.
WITH settings AS (
     SELECT current_setting('autovacuum_vacuum_threshold')::float8 AS vacuum_threshold,
            current_setting('autovacuum_vacuum_scale_factor')::float8 AS vacuum_scale,
            current_setting('autovacuum_analyze_threshold')::float8 AS analyze_threshold,
            current_setting('autovacuum_analyze_scale_factor')::float8 AS analyze_scale
), tables AS (
     SELECT c.oid, n.nspname AS schema, c.relname AS name, c.reltuples, pg_catalog.pg_table_size(c.oid) AS bytes,
            (SELECT pg_catalog.jsonb_object_agg(o.option_name, o.option_value)
               FROM pg_catalog.pg_options_to_table(c.reloptions) AS o) AS options
       FROM pg_catalog.pg_class AS c
       JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't'
        AND n.nspname NOT IN ('pg_catalog', 'information_schema')
)
SELECT t.schema, t.name, t.reltuples::float8 AS estimated, t.bytes, s.n_live_tup AS live, s.n_dead_tup AS dead,
       s.n_mod_since_analyze AS modified,
       coalesce((t.options ->> 'autovacuum_enabled')::boolean, true) AS enabled,
       coalesce((t.options ->> 'autovacuum_vacuum_threshold')::float8, g.vacuum_threshold)
       + coalesce((t.options ->> 'autovacuum_vacuum_scale_factor')::float8, g.vacuum_scale) * greatest(t.reltuples, 0)
       AS vacuum_trigger,
       coalesce((t.options ->> 'autovacuum_analyze_threshold')::float8, g.analyze_threshold)
       + coalesce((t.options ->> 'autovacuum_analyze_scale_factor')::float8, g.analyze_scale)
         * greatest(t.reltuples, 0) AS analyze_trigger,
       extract(epoch FROM clock_timestamp() - greatest(s.last_vacuum, s.last_autovacuum))::float8 AS vacuumed,
       extract(epoch FROM clock_timestamp() - greatest(s.last_analyze, s.last_autoanalyze))::float8 AS analyzed
  FROM tables AS t
  JOIN pg_catalog.pg_stat_user_tables AS s ON s.relid = t.oid
 CROSS JOIN settings AS g
 ORDER BY t.schema, t.name
