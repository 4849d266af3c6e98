-- Each quarantined cell of a table's columns with the row that it belongs to, and what that row's new column holds.
-- Rows that share one key text, which only rows of a table without a key do, are numbered on both sides.
WITH cell AS (
    SELECT q.ctid AS line, q.row_key COLLATE "C" AS row_key, q.source_rowid, q.column_name, q.value
    FROM pgraduate.quarantine AS q
    WHERE q.schema_name = {schema} AND q.table_name = {table} AND q.column_name IN ({columns})
), source_row AS (
    SELECT c.row_key, c.source_rowid, row_number() OVER (PARTITION BY c.row_key ORDER BY c.source_rowid) AS copy
    FROM cell AS c
    GROUP BY c.row_key, c.source_rowid
), place AS (
    SELECT t.ctid AS place, {key} AS row_key, row_number() OVER (PARTITION BY {key}) AS copy, {held}
    FROM {relation} AS t
    WHERE {vacant}
), matched AS (
    SELECT p.place, c.line, c.column_name, c.value,
           CASE c.column_name {into_of} END AS into_column, CASE c.column_name {held_of} END AS before
    FROM cell AS c
    JOIN source_row AS s ON s.row_key = c.row_key AND s.source_rowid IS NOT DISTINCT FROM c.source_rowid
    JOIN place AS p ON p.row_key = s.row_key AND p.copy = s.copy
)
