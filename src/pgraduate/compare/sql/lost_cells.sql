-- Cells given back from quarantine to a column that is no bytea any more, or is gone: nothing holds their bytes.
UNION ALL
SELECT b.row_key, b.source_rowid, b.column_name, b.class, ''::bytea
FROM pgraduate.restored AS b
WHERE b.schema_name = {schema} AND b.table_name = {table} AND b.column_name = {column} AND b.into_column = {into_name}
