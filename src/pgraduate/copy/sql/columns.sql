-- The columns of one table or view, in their order, with the name of each one's type; a domain counts as its base, an enum as 'enum'.
WITH RECURSIVE base AS (
    SELECT a.attname, a.attnum, a.atttypid AS type_oid
    FROM pg_catalog.pg_attribute AS a
    JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = %(schema)s AND c.relname = %(table)s AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT base.attname, base.attnum, t.typbasetype
    FROM base
    JOIN pg_catalog.pg_type AS t ON t.oid = base.type_oid
    WHERE t.typtype = 'd'
)
SELECT base.attname, CASE t.typtype WHEN 'e' THEN 'enum' ELSE t.typname END
FROM base
JOIN pg_catalog.pg_type AS t ON t.oid = base.type_oid
WHERE t.typtype <> 'd'
ORDER BY base.attnum
