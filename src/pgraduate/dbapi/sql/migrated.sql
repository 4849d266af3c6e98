-- The plan by which a source was migrated from this path, the newest run first.
SELECT s.schema_name, s.plan
  FROM pgraduate.source s
  JOIN pgraduate.run r USING (run_id)
 WHERE s.path = $1
 ORDER BY r.started DESC
 LIMIT 1
