SELECT
    p.proname,
    pg_catalog.pg_get_function_identity_arguments(p.oid) AS arguments,
    p.provolatile::text AS volatility,
    pg_catalog.md5(pg_catalog.pg_get_functiondef(p.oid)) AS digest
FROM pg_catalog.pg_proc AS p
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname = %(schema)s AND p.prokind = 'f'
ORDER BY p.proname COLLATE "C", pg_catalog.pg_get_function_identity_arguments(p.oid) COLLATE "C"
