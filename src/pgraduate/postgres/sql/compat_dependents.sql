-- Objects outside a schema that need an object inside it, by the catalog's own record.
WITH own AS (
    SELECT 'pg_catalog.pg_proc'::regclass AS class, p.oid
      FROM pg_catalog.pg_proc AS p
      JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
     WHERE n.nspname = %(schema)s
    UNION ALL
    SELECT 'pg_catalog.pg_type'::regclass, t.oid
      FROM pg_catalog.pg_type AS t
      JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
     WHERE n.nspname = %(schema)s
)
SELECT count(*)
  FROM pg_catalog.pg_depend AS d
  JOIN own AS needed ON needed.class = d.refclassid AND needed.oid = d.refobjid
  LEFT JOIN own AS inside ON inside.class = d.classid AND inside.oid = d.objid
  LEFT JOIN pg_catalog.pg_class AS row ON d.classid = 'pg_catalog.pg_class'::regclass AND row.oid = d.objid
 WHERE d.deptype IN ('n', 'a')
   AND d.classid NOT IN ('pg_catalog.pg_operator'::regclass, 'pg_catalog.pg_cast'::regclass)
   AND inside.oid IS NULL
   AND row.relkind IS DISTINCT FROM 'c'
