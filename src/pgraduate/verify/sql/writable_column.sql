-- Whether a table has a column, whether that is a bytea that can be written, and whether the table is there at all.
SELECT c.oid IS NOT NULL AS table_stands, a.attname IS NOT NULL AS column_stands,
       coalesce(a.atttypid = 'pg_catalog.bytea'::regtype AND a.attgenerated = '', false) AS takes_bytes
  FROM (VALUES (1)) AS one (row)
  LEFT JOIN (pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n
               ON n.oid = c.relnamespace AND n.nspname = %(schema)s)
    ON c.relname = %(table)s AND c.relkind IN ('r', 'p')
  LEFT JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid = c.oid AND a.attname = %(into)s AND a.attnum > 0 AND NOT a.attisdropped
