-- A valid index over all rows that begins with a column.
SELECT i.indexrelid
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_am AS m ON m.oid = c.relam
WHERE i.indrelid = %(table)s AND a.attname = %(column)s AND i.indisvalid AND i.indpred IS NULL AND m.amname = 'btree'
LIMIT 1
