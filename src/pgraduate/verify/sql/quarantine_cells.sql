-- The quarantined cells of some schemas, equal cells of equal rows once; at most so many of each column.
SELECT cell.schema, cell."table", cell."column", cell.row_key, cell.rowid, cell.class, cell.size, cell.reason, cell.copies, cell.value
  FROM (SELECT q.schema_name AS schema, q.table_name AS "table", q.column_name AS "column", q.row_key,
               min(q.source_rowid) AS rowid, q.class, octet_length(q.value) AS size, q.reason, count(*) AS copies,
               CASE WHEN %(show_values)s THEN q.value END AS value,
               row_number() OVER (PARTITION BY q.schema_name, q.table_name, q.column_name
                                  ORDER BY min(q.source_rowid), q.row_key) AS number
          FROM pgraduate.quarantine AS q
         WHERE q.schema_name = ANY (%(schemas)s)
         GROUP BY q.schema_name, q.table_name, q.column_name, q.row_key, q.class, q.reason, q.value) AS cell
 WHERE cell.number <= %(most)s
 ORDER BY 1, 2, 3, cell.number
