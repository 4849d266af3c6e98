-- Indexes that serve nothing but speed, with how often they were read and their table written since the statistics began.
SELECT n.nspname AS schema, t.relname AS "table", i.relname AS name, s.idx_scan AS scans,
       pg_catalog.to_jsonb(s) ->> 'last_idx_scan' AS last_scan,
       coalesce(ts.n_tup_ins + ts.n_tup_upd + ts.n_tup_del, 0) AS writes,
       coalesce(ts.seq_scan, 0) + coalesce(ts.idx_scan, 0) AS reads,
       pg_catalog.pg_relation_size(i.oid) AS bytes, pg_catalog.pg_get_indexdef(i.oid) AS definition,
       (SELECT count(*) FROM pg_catalog.pg_stat_replication AS r WHERE r.replay_lsn IS NOT NULL)::integer AS standbys
  FROM pg_catalog.pg_stat_user_indexes AS s
  JOIN pg_catalog.pg_index AS x ON x.indexrelid = s.indexrelid
  JOIN pg_catalog.pg_class AS i ON i.oid = s.indexrelid
  JOIN pg_catalog.pg_class AS t ON t.oid = s.relid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = t.relnamespace
  LEFT JOIN pg_catalog.pg_stat_user_tables AS ts ON ts.relid = s.relid
 WHERE x.indisvalid AND NOT (x.indisunique OR x.indisprimary OR x.indisexclusion OR x.indisreplident)
   AND x.indexprs IS NULL
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits AS h WHERE h.inhrelid = x.indexrelid)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS c
                    WHERE c.contype = 'f' AND c.conrelid = x.indrelid
                      AND (x.indkey::smallint[])[0:pg_catalog.cardinality(c.conkey) - 1] @> c.conkey
                      AND (x.indkey::smallint[])[0:pg_catalog.cardinality(c.conkey) - 1] <@ c.conkey)
 ORDER BY n.nspname, i.relname
