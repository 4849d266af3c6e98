INSERT INTO pgraduate.refused_object (run_id, source_name, ordinal, kind, name, reason)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (run_id, source_name, ordinal) DO UPDATE SET reason = excluded.reason
