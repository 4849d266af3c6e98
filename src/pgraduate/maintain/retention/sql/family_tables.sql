-- A table and all whose rows lead to it by foreign keys, with what decides whether their rows may be moved.
WITH RECURSIVE family (oid) AS (
    SELECT %(root)s::pg_catalog.oid
    UNION
    SELECT o.conrelid
    FROM family
    JOIN pg_catalog.pg_constraint AS o ON o.confrelid = family.oid AND o.contype = 'f'
)
SELECT
    c.oid,
    n.nspname,
    c.relname,
    c.relkind::pg_catalog.text,
    c.relispartition OR EXISTS (
        SELECT FROM pg_catalog.pg_inherits AS i WHERE c.oid IN (i.inhparent, i.inhrelid)
    ) AS inherits,
    pg_catalog.row_security_active(c.oid),
    pg_catalog.has_table_privilege(c.oid, 'SELECT')
        AND pg_catalog.has_table_privilege(c.oid, 'UPDATE')
        AND pg_catalog.has_table_privilege(c.oid, 'DELETE'),
    EXISTS (SELECT FROM pg_catalog.pg_rewrite AS r WHERE r.ev_class = c.oid) AS has_rules
FROM family
JOIN pg_catalog.pg_class AS c ON c.oid = family.oid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
ORDER BY n.nspname, c.relname
