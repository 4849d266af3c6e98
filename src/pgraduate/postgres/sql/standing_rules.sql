-- What the tables of one schema ask of their rows beyond NOT NULL, plain keys and foreign keys: an expression to be
-- true, a unique index or an exclusion by the end of its definition, the bounds of partitions, checks of domains.
SELECT
    c.relname,
    CASE o.contype WHEN 'c' THEN 'check' ELSE 'exclusion' END AS kind,
    o.conname AS name,
    CASE o.contype
        WHEN 'c' THEN pg_catalog.pg_get_expr(o.conbin, o.conrelid)
        ELSE pg_catalog.pg_get_constraintdef(o.oid)
    END AS expression,
    pg_catalog.pg_get_constraintdef(o.oid) AS definition
FROM pg_catalog.pg_constraint AS o
JOIN pg_catalog.pg_class AS c ON c.oid = o.conrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = %(schema)s AND o.contype IN ('c', 'x') AND o.conparentid = 0 AND NOT c.relispartition
UNION ALL
SELECT
    c.relname,
    'unique_index',
    x.relname,
    pg_catalog.substr(
        pg_catalog.pg_get_indexdef(i.indexrelid),
        pg_catalog.length(
            pg_catalog.format(
                'CREATE UNIQUE INDEX %%I ON %%s%%I.%%I ', x.relname, CASE c.relkind WHEN 'p' THEN 'ONLY ' ELSE '' END,
                n.nspname, c.relname
            )
        ) + 1
    ),
    ''
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid
JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = %(schema)s AND i.indisunique AND NOT i.indisexclusion AND NOT c.relispartition
    AND (
        i.indpred IS NOT NULL
        OR i.indexprs IS NOT NULL
        OR pg_catalog.strpos(pg_catalog.pg_get_indexdef(i.indexrelid), 'NULLS NOT DISTINCT') > 0
        -- Types and collations that take for one what SQLite tells apart.
        OR EXISTS (
            SELECT FROM pg_catalog.pg_attribute AS a
            JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
            LEFT JOIN pg_catalog.pg_collation AS l ON l.oid = a.attcollation
            WHERE a.attrelid = i.indexrelid
                AND (t.typname IN ('citext', 'jsonb', 'numeric') OR NOT coalesce(l.collisdeterministic, TRUE))
        )
    )
UNION ALL
SELECT
    c.relname,
    'partition',
    c.relname,
    coalesce(
        (
            SELECT pg_catalog.string_agg('(' || pg_catalog.pg_get_partition_constraintdef(p.relid) || ')', ' OR ')
            FROM pg_catalog.pg_partition_tree(c.oid) AS p
            WHERE p.isleaf AND p.relid <> c.oid
        ),
        'false'
    ),
    ''
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = %(schema)s AND c.relkind = 'p' AND NOT c.relispartition
UNION ALL
SELECT DISTINCT c.relname, 'refused', c.relname, '', ''
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
WHERE n.nspname = %(schema)s AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0
    AND NOT a.attisdropped AND (t.typtype = 'd' OR a.attgenerated <> '')
ORDER BY 1, 2, 3
