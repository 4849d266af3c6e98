-- What retention took from each table and did not bring back.
SELECT schema_name AS schema, table_name AS "table", destination, (sum(row_count) - sum(restored))::pg_catalog.int8 AS rows
FROM pgraduate.retention_batch
GROUP BY schema_name, table_name, destination
HAVING sum(row_count) > sum(restored)
ORDER BY schema_name, table_name, destination
