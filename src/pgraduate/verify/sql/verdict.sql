-- What this verification found in one table; a later one of the same run takes its place.
INSERT INTO pgraduate.verdict (run_id, schema_name, table_name, row_count, digest, differing)
VALUES (%(run)s, %(schema)s, %(table)s, %(rows)s, %(digest)s, %(differing)s)
ON CONFLICT (run_id, schema_name, table_name) DO UPDATE
SET row_count = excluded.row_count, digest = excluded.digest, differing = excluded.differing,
    checked = clock_timestamp()
