-- The foreign keys that lead to some tables; those of partitions follow their table's.
SELECT
    o.conname,
    o.conrelid,
    o.confrelid,
    ARRAY(
        SELECT a.attname::pg_catalog.text FROM pg_catalog.unnest(o.conkey) WITH ORDINALITY AS k (attnum, place)
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = o.conrelid AND a.attnum = k.attnum ORDER BY k.place
    ),
    ARRAY(
        SELECT a.attname::pg_catalog.text FROM pg_catalog.unnest(o.confkey) WITH ORDINALITY AS k (attnum, place)
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = o.confrelid AND a.attnum = k.attnum ORDER BY k.place
    ),
    o.confdeltype::pg_catalog.text,
    EXISTS (
        SELECT FROM pg_catalog.pg_index AS i
        WHERE i.indrelid = o.conrelid AND i.indisvalid AND i.indpred IS NULL
            AND (i.indkey::pg_catalog.int2[])[0:pg_catalog.cardinality(o.conkey) - 1] @> o.conkey
    ) AS supported
FROM pg_catalog.pg_constraint AS o
WHERE o.contype = 'f' AND o.conparentid = 0 AND o.confrelid = ANY(%(tables)s)
ORDER BY o.conrelid, o.conname
