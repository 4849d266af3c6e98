-- Settings on which durability and monitoring stand, and those that wait for a restart.
SELECT s.name, s.setting, s.unit, s.source, s.pending_restart
  FROM pg_catalog.pg_settings AS s
 WHERE s.name IN ('fsync', 'full_page_writes', 'synchronous_commit', 'autovacuum', 'track_counts',
                  'zero_damaged_pages', 'ignore_checksum_failure')
    OR s.pending_restart
 ORDER BY s.name
