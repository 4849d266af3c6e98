-- The columns of the tables of one schema, as someone else made them: a domain counts as its base, an enum as 'enum'
-- with its labels.
WITH RECURSIVE base AS (
    SELECT a.attrelid, a.attnum, a.atttypid AS type_oid, a.atttypmod AS modifier, a.attnotnull AS not_null
    FROM pg_catalog.pg_attribute AS a
    JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = %(schema)s AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT base.attrelid, base.attnum, t.typbasetype, t.typtypmod, base.not_null OR t.typnotnull
    FROM base
    JOIN pg_catalog.pg_type AS t ON t.oid = base.type_oid
    WHERE t.typtype = 'd'
)
SELECT
    c.relname,
    a.attname,
    pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
    CASE t.typtype WHEN 'e' THEN 'enum' ELSE t.typname END AS base,
    pg_catalog.format_type(base.type_oid, base.modifier) AS base_type,
    ARRAY(
        SELECT e.enumlabel::text FROM pg_catalog.pg_enum AS e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder
    ) AS labels,
    base.not_null,
    a.attidentity <> '' OR a.attgenerated <> '' OR d.oid IS NOT NULL OR t.typdefault IS NOT NULL AS filled,
    a.attgenerated <> '' AS generated,
    coalesce(
        pg_catalog.pg_get_serial_sequence(pg_catalog.format('%%I.%%I', n.nspname, c.relname), a.attname),
        (
            SELECT pg_catalog.format('%%I.%%I', sn.nspname, s.relname)
            FROM pg_catalog.pg_depend AS p
            JOIN pg_catalog.pg_class AS s ON s.oid = p.refobjid AND s.relkind = 'S'
            JOIN pg_catalog.pg_namespace AS sn ON sn.oid = s.relnamespace
            WHERE p.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND p.objid = d.oid
                AND p.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
            LIMIT 1
        )
    ) AS sequence,
    CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END AS default
FROM base
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = base.attrelid AND a.attnum = base.attnum
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_type AS t ON t.oid = base.type_oid
LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE t.typtype <> 'd'
ORDER BY c.relname COLLATE "C", a.attnum
