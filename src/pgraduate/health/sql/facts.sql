-- Who answers, and since when its counters count: one row.
SELECT current_setting('server_version_num')::integer AS version,
       current_database() AS database,
       current_user AS role,
       current_setting('is_superuser') = 'on' OR pg_has_role('pg_read_all_stats', 'USAGE') AS sees_all,
       pg_is_in_recovery() AS in_recovery,
       clock_timestamp() AS now,
       pg_postmaster_start_time() AS started,
       (SELECT s.stats_reset FROM pg_catalog.pg_stat_database AS s WHERE s.datname = current_database()) AS stats_reset
