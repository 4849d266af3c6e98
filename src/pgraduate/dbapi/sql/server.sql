-- Who answers, whether a pooler stands between, and how many connections are left for this application.
SELECT pg_backend_pid(),
       current_setting('server_version'),
       current_user::text,
       current_database()::text,
       least(current_setting('max_connections')::int
               - current_setting('superuser_reserved_connections')::int
               - coalesce(current_setting('reserved_connections', true)::int, 0),
             nullif(role.rolconnlimit, -1),
             nullif(base.datconnlimit, -1)),
       (SELECT sum(numbackends) FROM pg_stat_database WHERE datid <> 0)
         - (SELECT count(*)
              FROM pg_stat_activity
             WHERE usename = current_user
               AND datname = current_database()
               AND application_name = current_setting('application_name'))
  FROM pg_roles AS role, pg_database AS base
 WHERE role.rolname = current_user
   AND base.datname = current_database()
