-- Indexes that are not valid, with whether somebody works on them at this moment, the most that a new one can need, and a
-- valid index of the same definition on the same table.
SELECT n.nspname AS schema, t.relname AS "table", i.relname AS name, i.relkind = 'I' AS partitioned,
       x.indisunique AS is_unique, x.indisexclusion AS is_exclusion, NOT x.indislive AS half_dropped,
       pg_catalog.pg_relation_size(i.oid) AS bytes, pg_catalog.pg_table_size(t.oid) AS table_bytes,
       i.relname ~ '_ccnew[0-9]*$' AS is_new_copy, i.relname ~ '_ccold[0-9]*$' AS is_old_copy,
       pg_catalog.pg_get_indexdef(i.oid) AS definition,
       EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index AS p
                WHERE p.datname = current_database() AND (p.relid = x.indrelid OR p.relid IS NULL))
       -- DROP INDEX CONCURRENTLY reports no progress; no VACUUM takes this lock on an index.
       OR EXISTS (SELECT FROM pg_catalog.pg_locks AS l
                   WHERE l.relation = i.oid AND l.granted AND l.mode = 'ShareUpdateExclusiveLock'
                     AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d
                                        WHERE d.datname = current_database())) AS in_work,
       twin.name AS twin
  FROM pg_catalog.pg_index AS x
  JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
  JOIN pg_catalog.pg_class AS t ON t.oid = x.indrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = i.relnamespace
  LEFT JOIN LATERAL (
       SELECT o.relname AS name
         FROM pg_catalog.pg_index AS y
         JOIN pg_catalog.pg_class AS o ON o.oid = y.indexrelid
        WHERE y.indrelid = x.indrelid AND y.indisvalid AND o.relam = i.relam
          AND y.indisunique >= x.indisunique AND y.indnkeyatts = x.indnkeyatts
          AND y.indkey::text = x.indkey::text AND y.indclass::text = x.indclass::text
          AND y.indcollation::text = x.indcollation::text AND y.indoption::text = x.indoption::text
          AND pg_catalog.pg_get_expr(y.indexprs, y.indrelid)
              IS NOT DISTINCT FROM pg_catalog.pg_get_expr(x.indexprs, x.indrelid)
          AND pg_catalog.pg_get_expr(y.indpred, y.indrelid)
              IS NOT DISTINCT FROM pg_catalog.pg_get_expr(x.indpred, x.indrelid)
        ORDER BY o.relname
        LIMIT 1) AS twin ON true
 WHERE NOT x.indisvalid AND n.nspname NOT IN ('pg_catalog', 'information_schema')
 ORDER BY n.nspname, i.relname
