SELECT
    c.relname,
    g.tgname,
    g.tgenabled <> 'D' AS enabled,
    pg_catalog.format('%%I.%%I', fn.nspname, f.proname) AS function,
    pg_catalog.pg_get_triggerdef(g.oid) AS definition
FROM pg_catalog.pg_trigger AS g
JOIN pg_catalog.pg_class AS c ON c.oid = g.tgrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_proc AS f ON f.oid = g.tgfoid
JOIN pg_catalog.pg_namespace AS fn ON fn.oid = f.pronamespace
WHERE n.nspname = %(schema)s AND NOT g.tgisinternal
ORDER BY c.relname COLLATE "C", g.tgname COLLATE "C"
