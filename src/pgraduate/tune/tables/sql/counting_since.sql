-- Since when the counters of this database count, null where they were never reset.
SELECT to_char(stats_reset AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
  FROM pg_catalog.pg_stat_database WHERE datname = pg_catalog.current_database()
