-- SQLite's definitions of a schema's objects, tables before what stands on them.
SELECT kind, name, table_name, definition, shape
  FROM pgraduate.declared
 WHERE schema_name = $1
 ORDER BY CASE kind WHEN 'table' THEN 0 WHEN 'view' THEN 1 WHEN 'index' THEN 2 ELSE 3 END, position
