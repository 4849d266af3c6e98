-- Objects of users in a schema: all that a run into it could meet.  What an extension owns does not matter.
SELECT found.kind, found.name
  FROM (SELECT CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'v' THEN 'view'
                              WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence'
                              WHEN 'f' THEN 'foreign table' ELSE 'relation' END AS kind,
               c.relname::text AS name, c.oid, 'pg_catalog.pg_class'::regclass AS class
          FROM pg_catalog.pg_class AS c
          JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
         WHERE n.nspname = %(schema)s AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
        UNION ALL
        SELECT 'function', p.proname::text, p.oid, 'pg_catalog.pg_proc'::regclass
          FROM pg_catalog.pg_proc AS p
          JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
         WHERE n.nspname = %(schema)s
        UNION ALL
        SELECT 'type', t.typname::text, t.oid, 'pg_catalog.pg_type'::regclass
          FROM pg_catalog.pg_type AS t
          JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
         WHERE n.nspname = %(schema)s AND t.typtype IN ('e', 'd', 'r')) AS found
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                    WHERE d.classid = found.class AND d.objid = found.oid AND d.deptype = 'e')
 ORDER BY 1, 2
