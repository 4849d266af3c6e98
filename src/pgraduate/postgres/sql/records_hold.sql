-- What stands in pgraduate's schema and nowhere else in the target.
SELECT
    (SELECT count(*) FROM pgraduate.quarantine),
    (SELECT count(*) FROM pgraduate.kept_class),
    (
        SELECT count(*)
        FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = 'pgraduate' AND c.relkind = 'r' AND c.relname LIKE 'put\_aside\_%'
    )
