-- Write the cells, and move their lines; a row that was written meanwhile is left alone, and so is its line.
, wanted AS (
    SELECT m.place, {values} FROM matched AS m GROUP BY m.place
), written AS (
    UPDATE {relation} AS t SET {assignments} FROM wanted AS w WHERE t.ctid = w.place RETURNING w.place
), moved AS (
    DELETE FROM pgraduate.quarantine AS q USING matched AS m, written AS w
    WHERE m.place = w.place AND q.ctid = m.line
    RETURNING q.*, m.into_column, m.before
)
INSERT INTO pgraduate.restored
    (schema_name, table_name, column_name, row_key, class, value, reason, source_rowid, into_column, before)
SELECT schema_name, table_name, column_name, row_key, class, value, reason, source_rowid, into_column, before FROM moved
