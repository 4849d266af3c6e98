-- Which columns of one table gave cells from quarantine back, and into which columns.
SELECT DISTINCT r.column_name, r.into_column
FROM pgraduate.restored AS r
WHERE r.schema_name = %(schema)s AND r.table_name = %(table)s
ORDER BY 1, 2
