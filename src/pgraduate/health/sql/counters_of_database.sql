-- What the server counts for this database: one row.
SELECT s.numbackends, s.xact_commit, s.xact_rollback, s.blks_read, s.blks_hit, s.tup_returned, s.tup_fetched,
       s.tup_inserted, s.tup_updated, s.tup_deleted, s.conflicts, s.temp_files, s.temp_bytes::bigint AS temp_bytes,
       s.deadlocks
  FROM pg_catalog.pg_stat_database AS s
 WHERE s.datname = current_database()
