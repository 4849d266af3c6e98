-- A type of the schema itself is named without it.
SELECT p.proname || '(' || pg_catalog.replace(
    pg_catalog.oidvectortypes(p.proargtypes), pg_catalog.quote_ident(n.nspname) || '.', '') || ')'
FROM pg_catalog.pg_proc AS p
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname = %(schema)s
