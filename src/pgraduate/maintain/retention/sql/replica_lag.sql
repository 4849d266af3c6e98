-- The seconds by which the slowest replica is behind.
SELECT max(pg_catalog.date_part('epoch', replay_lag)) FROM pg_catalog.pg_stat_replication WHERE state = 'streaming'
