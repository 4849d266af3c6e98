-- Whether an index is valid, its size, and the invalid copies of it that a failed REINDEX CONCURRENTLY left.
SELECT i.oid IS NOT NULL AS present, coalesce(x.indisvalid, false) AS valid,
       coalesce(pg_catalog.pg_relation_size(i.oid), 0) AS bytes,
       (SELECT coalesce(pg_catalog.array_agg(c.relname::text), '{}')
          FROM pg_catalog.pg_class AS c
          JOIN pg_catalog.pg_index AS cx ON cx.indexrelid = c.oid
         WHERE NOT cx.indisvalid AND c.relnamespace = i.relnamespace AND cx.indrelid = x.indrelid
           AND c.relname ~ ('^' || pg_catalog.regexp_replace(i.relname::text, '([^a-zA-Z0-9_])', '\\\1', 'g')
                            || '_cc(new|old)[0-9]*$')) AS copies
  FROM (SELECT pg_catalog.to_regclass(%(index)s) AS oid) AS wanted
  LEFT JOIN pg_catalog.pg_class AS i ON i.oid = wanted.oid
  LEFT JOIN pg_catalog.pg_index AS x ON x.indexrelid = i.oid
