-- The storage parameters of one table, in the order in which the catalog holds them; no row where there is no table.
SELECT coalesce(c.reloptions, '{}')
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname = %(schema)s AND c.relname = %(table)s AND c.relkind = 'r'
