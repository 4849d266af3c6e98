-- What the role may do here, whether the schema is there already and whose it is, and whether anything may be written.
SELECT current_setting('transaction_read_only') = 'on' AS read_only,
       pg_is_in_recovery() AS standby,
       has_database_privilege(current_database(), 'CREATE') AS create_schema,
       EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = %(schema)s) AS exists,
       coalesce((SELECT has_schema_privilege(oid, 'CREATE')
                   FROM pg_catalog.pg_namespace WHERE nspname = %(schema)s), false) AS create_in_schema
