-- What decides whether this server can be recovered to a moment; NULL for a setting that the role may not see.
SELECT (SELECT setting FROM pg_catalog.pg_settings WHERE name = 'wal_level') AS wal_level,
       (SELECT setting FROM pg_catalog.pg_settings WHERE name = 'archive_mode') AS archive_mode,
       (SELECT setting FROM pg_catalog.pg_settings WHERE name = 'archive_command') AS archive_command,
       (SELECT setting FROM pg_catalog.pg_settings WHERE name = 'archive_library') AS archive_library,
       (SELECT setting::int FROM pg_catalog.pg_settings WHERE name = 'max_wal_senders') AS max_wal_senders,
       (SELECT setting FROM pg_catalog.pg_settings WHERE name = 'data_directory') AS data_directory,
       coalesce(a.last_failed_time > coalesce(a.last_archived_time, '-infinity'), false) AS failing
  FROM pg_catalog.pg_stat_archiver AS a
