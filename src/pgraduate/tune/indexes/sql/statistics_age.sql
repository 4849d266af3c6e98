-- How long this server has been counting: since its start or since somebody reset the counters; and how many replicas
-- it has, those included that are away just now.
SELECT extract(epoch FROM clock_timestamp() - greatest(
         pg_catalog.pg_postmaster_start_time(),
         coalesce((SELECT stats_reset FROM pg_catalog.pg_stat_database WHERE datname = pg_catalog.current_database()),
                  '-infinity')))::float8 / 86400 AS days,
       (SELECT count(*) FROM pg_catalog.pg_stat_replication)
       + (SELECT count(*) FROM pg_catalog.pg_replication_slots WHERE slot_type = 'physical' AND NOT active) AS replicas
