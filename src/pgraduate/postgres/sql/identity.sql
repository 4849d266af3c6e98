-- Who answers: one row.
SELECT current_setting('server_version') AS version,
       current_setting('server_version_num')::integer AS version_number,
       current_database() AS database,
       current_user AS role,
       current_setting('is_superuser') = 'on' AS superuser,
       current_setting('server_encoding') AS encoding,
       (SELECT ssl.version FROM pg_catalog.pg_stat_ssl AS ssl
         WHERE ssl.pid = pg_catalog.pg_backend_pid() AND ssl.ssl) AS tls
