-- The lines of one column's cells return to quarantine.
WITH moved AS (
    DELETE FROM pgraduate.restored AS r
    WHERE r.schema_name = %(schema)s AND r.table_name = %(table)s AND r.column_name = %(column)s AND r.into_column = %(into)s
    RETURNING r.*
)
INSERT INTO pgraduate.quarantine (schema_name, table_name, column_name, row_key, class, value, reason, source_rowid)
SELECT schema_name, table_name, column_name, row_key, class, value, reason, source_rowid FROM moved
