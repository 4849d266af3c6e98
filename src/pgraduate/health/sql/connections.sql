-- Connections of clients in the whole server, and how many it can hold for others than superusers: one row.
SELECT (SELECT coalesce(sum(d.numbackends), 0) FROM pg_catalog.pg_stat_database AS d)::integer AS used,
       current_setting('max_connections')::integer AS maximum,
       current_setting('superuser_reserved_connections')::integer
       + coalesce(nullif(current_setting('reserved_connections', true), ''), '0')::integer AS reserved
