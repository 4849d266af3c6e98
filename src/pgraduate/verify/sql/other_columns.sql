-- Columns of a table with cells in quarantine besides the ones named.
SELECT DISTINCT q.column_name
  FROM pgraduate.quarantine AS q
 WHERE q.schema_name = %(schema)s AND q.table_name = %(table)s AND q.column_name <> ALL (%(columns)s)
 ORDER BY 1
