-- Every index with all that decides whether another one can do its work.  Keys are attribute numbers, 0 for an expression.
SELECT x.indexrelid::bigint AS oid, x.indrelid::bigint AS relation, n.nspname AS schema, t.relname AS "table",
       i.relname AS name, m.amname AS method,
       (x.indkey::smallint[])[0:x.indnkeyatts - 1] AS keys,
       (x.indkey::smallint[])[x.indnkeyatts:] AS included,
       x.indclass::pg_catalog.oid[]::bigint[] AS classes, x.indcollation::pg_catalog.oid[]::bigint[] AS collations,
       x.indoption::smallint[] AS options,
       coalesce(pg_catalog.pg_get_expr(x.indexprs, x.indrelid), '') AS expressions,
       coalesce(pg_catalog.pg_get_expr(x.indpred, x.indrelid), '') AS predicate,
       x.indisunique AS is_unique,
       x.indisunique OR x.indisprimary OR x.indisexclusion OR x.indisreplident OR x.indisclustered
       OR EXISTS (SELECT FROM pg_catalog.pg_constraint AS c WHERE c.conindid = x.indexrelid AND c.contype <> 'f')
       OR EXISTS (SELECT FROM pg_catalog.pg_inherits AS h WHERE h.inhrelid = x.indexrelid)
       OR i.relkind = 'I' AS needed,
       pg_catalog.pg_relation_size(x.indexrelid) AS bytes, pg_catalog.pg_get_indexdef(x.indexrelid) AS definition
  FROM pg_catalog.pg_index AS x
  JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
  JOIN pg_catalog.pg_class AS t ON t.oid = x.indrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = t.relnamespace
  JOIN pg_catalog.pg_am AS m ON m.oid = i.relam
 WHERE x.indisvalid AND i.relpersistence <> 't'
   AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
 ORDER BY x.indrelid, x.indexrelid
