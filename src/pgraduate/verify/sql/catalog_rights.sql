-- Rights that are asked of the catalog alone: to try them would leave a trace (a sequence's next value) or run code.
SELECT 'schema' AS kind, n.nspname::text AS name, p.privilege, pg_catalog.has_schema_privilege(n.oid, p.privilege) AS granted
  FROM pg_catalog.pg_namespace AS n, (VALUES ('USAGE')) AS p (privilege)
 WHERE n.nspname = ANY (%(schemas)s)
UNION ALL
SELECT 'sequence', pg_catalog.format('%%I.%%I', n.nspname, c.relname), 'USAGE',
       pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_sequence_privilege(c.oid, 'USAGE')
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname = ANY (%(schemas)s) AND c.relkind = 'S'
UNION ALL
SELECT 'function', pg_catalog.format('%%I.%%I(%%s)', n.nspname, f.proname, pg_catalog.pg_get_function_identity_arguments(f.oid)),
       'EXECUTE',
       pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_function_privilege(f.oid, 'EXECUTE')
  FROM pg_catalog.pg_proc AS f
  JOIN pg_catalog.pg_namespace AS n ON n.oid = f.pronamespace
 WHERE n.nspname = %(compat)s
 ORDER BY 1, 2, 3
