-- How many cells of each column stand in quarantine, and how many were given back and to which columns.
SELECT line.schema_name AS schema, line.table_name AS "table", line.column_name AS "column",
       count(*) FILTER (WHERE line.into_column IS NULL) AS cells,
       coalesce(sum(line.bytes) FILTER (WHERE line.into_column IS NULL), 0)::bigint AS size,
       count(line.into_column) AS restored,
       coalesce(array_agg(DISTINCT line.into_column) FILTER (WHERE line.into_column IS NOT NULL), '{}') AS "into"
  FROM (SELECT schema_name, table_name, column_name, octet_length(value) AS bytes, NULL AS into_column FROM pgraduate.quarantine
        UNION ALL
        SELECT schema_name, table_name, column_name, octet_length(value), into_column FROM pgraduate.restored) AS line
 WHERE line.schema_name = ANY (%(schemas)s)
 GROUP BY 1, 2, 3
 ORDER BY 1, 2, 3
