-- Settings that somebody changed for the server, the database or the role; this session's own are left out.
SELECT s.name, pg_catalog.concat(s.reset_val, s.unit) AS value
  FROM pg_catalog.pg_settings AS s
 WHERE s.source NOT IN ('default', 'override', 'session', 'client')
 ORDER BY s.name
