SELECT
    c.relname,
    o.conname,
    o.contype::text AS kind,
    o.convalidated,
    coalesce(i.indisvalid, true) AS index_valid,
    pg_catalog.pg_get_constraintdef(o.oid) AS definition
FROM pg_catalog.pg_constraint AS o
JOIN pg_catalog.pg_class AS c ON c.oid = o.conrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = o.conindid AND o.contype IN ('p', 'u')
WHERE n.nspname = %(schema)s AND o.contype IN ('p', 'u', 'c', 'f')
ORDER BY c.relname COLLATE "C", o.conname COLLATE "C"
