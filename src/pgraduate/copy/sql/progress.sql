-- What this run has already copied into one table.
SELECT
    coalesce(array_agg(ARRAY[low, high] ORDER BY low) FILTER (WHERE low IS NOT NULL), '{}'),
    coalesce(max(chunk) + 1, 0),
    coalesce(sum(row_count), 0)::bigint,
    coalesce(sum(byte_count), 0)::bigint
FROM pgraduate.chunk
WHERE run_id = %(run)s AND schema_name = %(schema)s AND table_name = %(table)s
