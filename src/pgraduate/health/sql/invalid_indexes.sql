-- Indexes that are not valid, with whether somebody builds one on their table at this moment, and how many there are in all.
SELECT n.nspname AS schema, t.relname AS "table", i.relname AS name, i.relkind = 'I' AS partitioned,
       x.indisunique AS is_unique, pg_catalog.pg_relation_size(i.oid) AS bytes,
       i.relname ~ '_ccnew[0-9]*$' AS is_new_copy, i.relname ~ '_ccold[0-9]*$' AS is_old_copy,
       pg_catalog.pg_get_indexdef(i.oid) AS definition,
       EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index AS p
                WHERE p.datname = current_database() AND (p.relid = x.indrelid OR p.relid IS NULL)) AS in_work
  FROM pg_catalog.pg_index AS x
  JOIN pg_catalog.pg_class AS i ON i.oid = x.indexrelid
  JOIN pg_catalog.pg_class AS t ON t.oid = x.indrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = i.relnamespace
 WHERE NOT x.indisvalid AND n.nspname NOT IN ('pg_catalog', 'information_schema')
 ORDER BY n.nspname, i.relname
