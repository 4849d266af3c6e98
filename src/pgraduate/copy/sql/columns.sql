-- The columns of some tables or views, with the name of each one's type; a domain counts as its base, an enum as 'enum'.
WITH RECURSIVE base AS (
    SELECT n.nspname, c.relname, a.attname, a.atttypid AS type_oid
    FROM pg_catalog.pg_attribute AS a
    JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    JOIN unnest(%(schemas)s::text[], %(tables)s::text[]) AS wanted (schema_name, table_name)
        ON n.nspname = wanted.schema_name AND c.relname = wanted.table_name
    WHERE a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT base.nspname, base.relname, base.attname, t.typbasetype
    FROM base
    JOIN pg_catalog.pg_type AS t ON t.oid = base.type_oid
    WHERE t.typtype = 'd'
)
SELECT base.nspname, base.relname, base.attname, CASE t.typtype WHEN 'e' THEN 'enum' ELSE t.typname END
FROM base
JOIN pg_catalog.pg_type AS t ON t.oid = base.type_oid
WHERE t.typtype <> 'd'
