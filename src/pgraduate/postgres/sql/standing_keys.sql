-- The column sets that PostgreSQL keeps unique in the tables of one schema: no partial index, no expression.
SELECT
    c.relname,
    ARRAY(
        SELECT a.attname::text FROM pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place)
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
        WHERE k.place <= i.indnkeyatts ORDER BY k.place
    ) AS columns
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = %(schema)s AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL
ORDER BY c.relname COLLATE "C", i.indexrelid
