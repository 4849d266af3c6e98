-- A batch's line for one table, with the moments of its oldest and its newest root.
INSERT INTO pgraduate.retention_batch (
    batch, root_schema, root_table, age_column, age_unit, low, high,
    schema_name, table_name, destination, place, checksum, row_count, restored
)
SELECT
    %(batch)s, %(root_schema)s, %(root_table)s, %(age_column)s, %(age_unit)s, min(m), max(m),
    %(schema_name)s, %(table_name)s, %(destination)s, %(place)s, %(checksum)s, %(row_count)s, %(restored)s
FROM pg_catalog.unnest(%(moments)s::pg_catalog.timestamp[]) AS t (m)
