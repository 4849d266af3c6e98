-- Foreign keys of, and to, the tables of one schema; those of partitions follow their table's.
SELECT
    cn.nspname AS schema,
    c.relname AS table,
    o.conname AS name,
    ARRAY(
        SELECT a.attname::text FROM pg_catalog.unnest(o.conkey) WITH ORDINALITY AS k (attnum, place)
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = o.conrelid AND a.attnum = k.attnum ORDER BY k.place
    ) AS columns,
    pn.nspname AS parent_schema,
    p.relname AS parent,
    ARRAY(
        SELECT a.attname::text FROM pg_catalog.unnest(o.confkey) WITH ORDINALITY AS k (attnum, place)
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = o.confrelid AND a.attnum = k.attnum ORDER BY k.place
    ) AS parent_columns,
    pg_catalog.pg_get_constraintdef(o.oid) AS definition,
    o.convalidated AND c.relkind = 'r' AS validated_apart
FROM pg_catalog.pg_constraint AS o
JOIN pg_catalog.pg_class AS c ON c.oid = o.conrelid
JOIN pg_catalog.pg_namespace AS cn ON cn.oid = c.relnamespace
JOIN pg_catalog.pg_class AS p ON p.oid = o.confrelid
JOIN pg_catalog.pg_namespace AS pn ON pn.oid = p.relnamespace
WHERE o.contype = 'f' AND o.conparentid = 0 AND (cn.nspname = %(schema)s OR pn.nspname = %(schema)s)
ORDER BY c.relname COLLATE "C", o.conname COLLATE "C"
