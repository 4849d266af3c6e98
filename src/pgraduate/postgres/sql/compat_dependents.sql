-- Objects outside a schema that need an object inside it, by the catalog's own record.
SELECT count(*)
  FROM pg_catalog.pg_depend AS d
  JOIN pg_catalog.pg_proc AS p ON d.refclassid = 'pg_catalog.pg_proc'::regclass AND p.oid = d.refobjid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
  LEFT JOIN pg_catalog.pg_proc AS own ON d.classid = 'pg_catalog.pg_proc'::regclass AND own.oid = d.objid
 WHERE n.nspname = %(schema)s AND d.deptype IN ('n', 'a')
   AND d.classid NOT IN ('pg_catalog.pg_operator'::regclass, 'pg_catalog.pg_cast'::regclass)
   AND own.pronamespace IS DISTINCT FROM n.oid
