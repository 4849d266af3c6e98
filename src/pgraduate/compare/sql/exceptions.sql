-- One line per source row with exceptional cells: their columns, classes and, for quarantined ones, bytes.
-- `copy` numbers the rows that share one key text, which only rows of a table without a key do.
SELECT
    e.row_key,
    pg_catalog.row_number() OVER (PARTITION BY e.row_key ORDER BY e.source_rowid) AS copy,
    pg_catalog.array_agg(e.column_name) AS columns,
    pg_catalog.array_agg(e.class) AS classes,
    pg_catalog.array_agg(e.value) AS bytes
FROM (
    SELECT k.row_key, k.source_rowid, k.column_name, k.class, NULL::bytea AS value
    FROM pgraduate.kept_class AS k
    WHERE k.schema_name = {schema} AND k.table_name = {table}
    UNION ALL
    SELECT q.row_key, q.source_rowid, q.column_name, q.class, q.value
    FROM pgraduate.quarantine AS q
    WHERE q.schema_name = {schema} AND q.table_name = {table}
    {restored}
) AS e
GROUP BY e.row_key, e.source_rowid
