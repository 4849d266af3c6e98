SELECT pg_catalog.obj_description(n.oid, 'pg_namespace')
FROM pg_catalog.pg_namespace AS n
WHERE n.nspname = %(schema)s
