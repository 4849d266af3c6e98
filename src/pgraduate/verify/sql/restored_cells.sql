-- Each cell that was given back with the row that still holds its bytes.
WITH line AS (
    SELECT r.ctid AS line, r.row_key COLLATE "C" AS row_key, r.value, r.before,
           row_number() OVER (PARTITION BY r.row_key COLLATE "C", r.value ORDER BY r.source_rowid) AS copy
    FROM pgraduate.restored AS r
    WHERE r.schema_name = {schema} AND r.table_name = {table} AND r.column_name = {column} AND r.into_column = {into_name}
), place AS (
    SELECT t.ctid AS place, {key} AS row_key, t.{into} AS value,
           row_number() OVER (PARTITION BY {key}, t.{into}) AS copy
    FROM {relation} AS t
), matched AS (
    SELECT p.place, l.line, l.before
    FROM line AS l
    JOIN place AS p ON p.row_key = l.row_key AND p.value = l.value AND p.copy = l.copy
)
