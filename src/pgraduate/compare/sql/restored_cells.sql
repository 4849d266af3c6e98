-- Cells given back from quarantine: their bytes where the column that took them still holds them, else none.
UNION ALL
SELECT
    b.row_key, b.source_rowid, b.column_name, b.class,
    CASE WHEN coalesce(held.copies, 0) >= pg_catalog.row_number() OVER (PARTITION BY b.row_key, b.value)
        THEN b.value ELSE ''::bytea END
FROM pgraduate.restored AS b
LEFT JOIN (
    SELECT {key} AS row_key, t.{into} AS value, count(*) AS copies
    FROM {relation} AS t
    WHERE t.{into} IS NOT NULL
    GROUP BY 1, 2
) AS held ON held.row_key = b.row_key COLLATE "C" AND held.value = b.value
WHERE b.schema_name = {schema} AND b.table_name = {table} AND b.column_name = {column} AND b.into_column = {into_name}
