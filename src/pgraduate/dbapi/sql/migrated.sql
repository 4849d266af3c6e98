-- The plan by which a source was migrated, found by its path or by its schema, the newest run first.
SELECT s.schema_name, s.plan, s.run_id, s.path
  FROM pgraduate.source s
  JOIN pgraduate.run r USING (run_id)
 WHERE CASE WHEN $1 THEN s.schema_name ELSE s.path END = $2
 ORDER BY r.started DESC
 LIMIT 1
