-- What the role may do here, and whether the schema is there already and whose it is.
SELECT has_database_privilege(current_database(), 'CREATE') AS create_schema,
       EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = %(schema)s) AS exists,
       coalesce((SELECT has_schema_privilege(oid, 'CREATE')
                   FROM pg_catalog.pg_namespace WHERE nspname = %(schema)s), false) AS create_in_schema
