INSERT INTO pgraduate.object (run_id, source_name, ordinal, kind, name) VALUES (%s, %s, %s, %s, %s)
