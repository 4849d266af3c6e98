-- What a role itself lacks of the privileges that it should have, and whether the current role may give them.
-- EXECUTE is everybody's by default and is asked of everybody, too.
WITH wanted AS (
    SELECT kind, privilege FROM unnest(%(kinds)s::text[], %(privileges)s::text[]) AS w (kind, privilege)
), place AS (
    SELECT n.oid, n.nspname, n.nspowner, n.nspacl, n.nspname = ANY (%(schemas)s) AS ours
      FROM pg_catalog.pg_namespace AS n
     WHERE n.nspname = ANY (%(schemas)s) OR n.nspname = %(compat)s::text
), me AS (
    SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user
), object (kind, name, owner, acl) AS (
    SELECT 'database', format('%%I', d.datname), d.datdba,
           coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))
      FROM pg_catalog.pg_database AS d
     WHERE d.datname = current_database()
    UNION ALL
    SELECT CASE WHEN p.ours THEN 'schema' ELSE 'compat schema' END, format('%%I', p.nspname), p.nspowner,
           coalesce(p.nspacl, pg_catalog.acldefault('n', p.nspowner))
      FROM place AS p
    UNION ALL
    SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, format('%%I.%%I', p.nspname, c.relname), c.relowner,
           coalesce(c.relacl, pg_catalog.acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))
      FROM place AS p
      JOIN pg_catalog.pg_class AS c ON c.relnamespace = p.oid
     WHERE p.ours AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    UNION ALL
    SELECT 'default ' || f.kind, format('%%I', p.nspname), me.oid,
           (SELECT a.defaclacl FROM pg_catalog.pg_default_acl AS a
             WHERE a.defaclrole = me.oid AND a.defaclnamespace = p.oid AND a.defaclobjtype = f.type)
      FROM place AS p, me, (VALUES ('table', 'r'::"char"), ('sequence', 'S'::"char")) AS f (kind, type)
     WHERE p.ours
    UNION ALL
    SELECT 'compat routine', format('%%I.%%I(%%s)', p.nspname, f.proname, pg_catalog.oidvectortypes(f.proargtypes)),
           f.proowner, coalesce(f.proacl, pg_catalog.acldefault('f', f.proowner))
      FROM place AS p
      JOIN pg_catalog.pg_proc AS f ON f.pronamespace = p.oid
     WHERE NOT p.ours
), lacking AS (
    SELECT o.kind, o.name, array_agg(w.privilege ORDER BY w.place) AS privileges,
           bool_and(pg_catalog.pg_has_role(o.owner, 'USAGE')
                    OR EXISTS (SELECT FROM pg_catalog.aclexplode(o.acl) AS a
                                WHERE a.is_grantable AND a.privilege_type = w.privilege
                                  AND pg_catalog.pg_has_role(a.grantee, 'USAGE'))) AS allowed
      FROM object AS o
      JOIN (SELECT kind, privilege, row_number() OVER () AS place FROM wanted) AS w USING (kind)
     WHERE NOT EXISTS (
               SELECT FROM pg_catalog.aclexplode(o.acl) AS a
                WHERE a.privilege_type = w.privilege
                  AND (a.grantee = (SELECT r.oid FROM pg_catalog.pg_roles AS r WHERE r.rolname = %(role)s)
                       OR (a.grantee = 0 AND o.kind = 'compat routine')))
     GROUP BY o.kind, o.name
)
SELECT kind, privileges, allowed, array_agg(name ORDER BY name) AS objects
  FROM lacking
 GROUP BY kind, privileges, allowed
 ORDER BY array_position(ARRAY['database', 'schema', 'compat schema', 'compat routine', 'table', 'sequence',
                               'default table', 'default sequence'], kind), privileges, allowed
