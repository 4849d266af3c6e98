-- Whether pg_stat_statements is there, created in this database, and loaded; a plain role may not see what is loaded.
SELECT EXISTS (SELECT FROM pg_catalog.pg_available_extensions WHERE name = 'pg_stat_statements') AS is_available,
       EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'pg_stat_statements') AS is_created,
       pg_catalog.current_setting('pg_stat_statements.track', true) IS NOT NULL AS is_loaded
