-- Every limit that a new connection meets, and what is in use against it.
SELECT current_setting('max_connections')::int                                                      AS maximum,
       current_setting('superuser_reserved_connections')::int
         + coalesce(current_setting('reserved_connections', true)::int, 0)                          AS reserved,
       (SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend')      AS used,
       (SELECT count(*) FROM pg_catalog.pg_stat_activity
         WHERE backend_type = 'client backend' AND datname = current_database())                    AS used_here,
       (SELECT count(*) FROM pg_catalog.pg_stat_activity
         WHERE backend_type = 'client backend' AND usename = current_user)                          AS used_by_role,
       (SELECT nullif(datconnlimit, -1) FROM pg_catalog.pg_database WHERE datname = current_database()) AS database_limit,
       (SELECT nullif(rolconnlimit, -1) FROM pg_catalog.pg_roles WHERE rolname = current_user)       AS role_limit,
       (SELECT rolvaliduntil < now() FROM pg_catalog.pg_roles WHERE rolname = current_user)          AS expired
