-- The lines of batches whose roots overlap a range, to the second, and of which something is not live again.
SELECT
    batch, root_schema, root_table, age_column, age_unit, schema_name, table_name, destination, place, checksum,
    row_count, restored
FROM pgraduate.retention_batch
WHERE root_schema = %(schema)s AND root_table = %(table)s AND low < %(high)s + interval '1 second'
    AND high >= %(low)s - interval '1 second'
    AND restored < row_count
ORDER BY batch, schema_name, table_name
FOR UPDATE
