-- Whether WAL is archived, and when that last succeeded and failed: one row.
SELECT current_setting('archive_mode') <> 'off' AS enabled, a.archived_count AS archived, a.failed_count AS failed,
       a.last_failed_time IS NOT NULL
       AND (a.last_archived_time IS NULL OR a.last_failed_time > a.last_archived_time) AS failing,
       extract(epoch FROM clock_timestamp() - a.last_archived_time)::float8 AS seconds
  FROM pg_catalog.pg_stat_archiver AS a
