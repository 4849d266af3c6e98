SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = %(name)s)
