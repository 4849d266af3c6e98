-- The referencing columns of every foreign key, in the key's order.
SELECT k.conrelid::bigint AS table_oid,
       ARRAY(SELECT a.attname::text
               FROM unnest(k.conkey) WITH ORDINALITY AS u (number, place)
               JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number
              ORDER BY u.place) AS columns
  FROM pg_catalog.pg_constraint k
 WHERE k.contype = 'f'
 ORDER BY k.oid
