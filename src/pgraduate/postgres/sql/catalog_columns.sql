SELECT
    c.relname,
    a.attname,
    pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
    CASE WHEN a.attcollation <> t.typcollation THEN l.collname END AS collation,
    a.attnotnull,
    a.attidentity <> '' AS identity,
    a.attgenerated <> '' AS generated,
    pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS expression,
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
    ) AS sequence
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_collation AS l ON l.oid = a.attcollation
LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE n.nspname = %(schema)s AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY c.relname COLLATE "C", a.attnum
