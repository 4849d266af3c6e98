-- Replication slots with the WAL that the server keeps for them.
SELECT s.slot_name AS name, s.slot_type AS type, s.active, s.wal_status,
       pg_catalog.pg_wal_lsn_diff(
           CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                ELSE pg_catalog.pg_current_wal_lsn() END,
           s.restart_lsn)::bigint AS retained
  FROM pg_catalog.pg_replication_slots AS s
 WHERE NOT s.temporary
 ORDER BY s.slot_name
