-- The columns of some tables that can be written, in their order.
SELECT
    a.attrelid,
    a.attname,
    pg_catalog.format_type(a.atttypid, a.atttypmod),
    b.typname,
    CASE WHEN a.attcollation <> y.typcollation THEN
        (SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(l.collname)
         FROM pg_catalog.pg_collation AS l JOIN pg_catalog.pg_namespace AS n ON n.oid = l.collnamespace
         WHERE l.oid = a.attcollation)
    END
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_type AS y ON y.oid = a.atttypid
JOIN pg_catalog.pg_type AS b ON b.oid = CASE WHEN y.typtype = 'd' THEN y.typbasetype ELSE y.oid END
WHERE a.attrelid = ANY(%(tables)s) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
ORDER BY a.attrelid, a.attnum
