-- What this run has already copied, table by table.
SELECT
    schema_name,
    table_name,
    coalesce(array_agg(ARRAY[low, high] ORDER BY low) FILTER (WHERE low IS NOT NULL), '{}'),
    max(chunk) + 1,
    sum(row_count)::bigint,
    sum(byte_count)::bigint
FROM pgraduate.chunk
WHERE run_id = %(run)s
GROUP BY schema_name, table_name
