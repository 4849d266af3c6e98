-- The tables of one schema, and whether this role may change them as their owner does.
SELECT c.relname, pg_catalog.pg_has_role(c.relowner, 'USAGE') AS owned, c.relkind = 'p' AS partitioned
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = %(schema)s AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY c.relname COLLATE "C"
