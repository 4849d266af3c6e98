-- What was written to each table that this role may alter, and the storage parameters that it has.
SELECT n.nspname::text AS schema, c.relname::text AS name, greatest(c.reltuples, 0)::float8 AS rows,
       s.n_tup_upd AS updated, s.n_tup_hot_upd AS hot_updated, s.n_tup_del AS deleted, s.n_dead_tup AS dead,
       s.n_ins_since_vacuum AS inserted, s.n_mod_since_analyze AS changed,
       coalesce(c.reloptions, '{}') AS options,
       current_setting('autovacuum_vacuum_threshold')::float8 AS threshold,
       current_setting('autovacuum_vacuum_scale_factor')::float8 AS scale
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_stat_user_tables AS s ON s.relid = c.oid
 WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname NOT IN ('pgraduate', 'pgraduate_compat')
   AND pg_catalog.pg_has_role(c.relowner, 'USAGE')
 ORDER BY 1, 2
