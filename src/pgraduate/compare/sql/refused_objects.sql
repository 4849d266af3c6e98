SELECT o.kind, o.name, o.reason
FROM pgraduate.refused_object AS o
JOIN pgraduate.run AS r USING (run_id)
WHERE o.source_name = %(source)s
ORDER BY r.started
