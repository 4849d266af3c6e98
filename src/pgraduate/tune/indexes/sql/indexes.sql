-- Indexes of users' tables: definition, keys in order, and what depends on them.
SELECT i.indrelid::bigint AS table_oid, n.nspname AS schema, x.relname AS name,
       pg_catalog.pg_get_indexdef(i.indexrelid) AS definition, am.amname AS method,
       i.indisunique AS is_unique, i.indisprimary AS is_primary, i.indisvalid AS is_valid, i.indisready AS is_ready,
       i.indisreplident AS is_replica_identity, i.indisexclusion AS is_exclusion,
       EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid) AS serves_constraint,
       i.indisclustered AS is_clustered, x.relispartition AS is_partition,
       EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p
                WHERE p.relid = i.indrelid AND p.index_relid IN (0, i.indexrelid)) AS is_in_work,
       pg_catalog.pg_get_expr(i.indpred, i.indrelid) AS predicate,
       i.indnkeyatts::int AS keys,
       ARRAY(SELECT pg_catalog.pg_get_indexdef(i.indexrelid, k, true)
               FROM pg_catalog.generate_series(1, i.indnatts) AS k ORDER BY k) AS columns,
       pg_catalog.pg_relation_size(i.indexrelid) AS bytes,
       coalesce(s.idx_scan, 0) AS scans,
       pg_catalog.obj_description(i.indexrelid, 'pg_class') AS comment
  FROM pg_catalog.pg_index i
  JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
  JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace
  JOIN pg_catalog.pg_am am ON am.oid = x.relam
  LEFT JOIN pg_catalog.pg_stat_user_indexes s ON s.indexrelid = i.indexrelid
 WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pgraduate', 'pgraduate_compat')
   AND n.nspname !~ '^pg_(toast|temp)'
   AND c.relkind IN ('r', 'm')
 ORDER BY n.nspname, x.oid DESC -- the younger first
