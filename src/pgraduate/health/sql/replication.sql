-- Standbys and receivers, and how far they are behind.
SELECT r.pid, r.application_name AS name, r.state,
       extract(epoch FROM coalesce(r.replay_lag, r.flush_lag))::float8 AS seconds,
       pg_catalog.pg_wal_lsn_diff(
           CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                ELSE pg_catalog.pg_current_wal_lsn() END,
           coalesce(r.replay_lsn, r.flush_lsn, r.write_lsn, r.sent_lsn))::bigint AS bytes
  FROM pg_catalog.pg_stat_replication AS r
 ORDER BY r.pid
