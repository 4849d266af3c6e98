-- What there is of a role, and what the current role may do for it.  Since PostgreSQL 16 CREATEROLE alone no longer
-- rules over roles that somebody else has made.
SELECT r.oid IS NOT NULL AS exists,
       me.rolname = %(role)s AS own,
       coalesce(r.rolcanlogin, false) AS can_login,
       me.rolsuper OR me.rolcreaterole AS may_create,
       me.rolsuper
       OR (me.rolcreaterole AND NOT coalesce(r.rolsuper, false)
           AND (v.number < 160000 OR r.oid IS NULL
                OR pg_catalog.pg_has_role(r.oid, 'MEMBER WITH ADMIN OPTION'))) AS may_alter,
       me.rolsuper OR (me.rolcreaterole AND v.number < 160000)
       OR pg_catalog.pg_has_role('pg_monitor', 'MEMBER WITH ADMIN OPTION') AS may_make_monitor,
       EXISTS (SELECT FROM pg_catalog.pg_auth_members AS m
                WHERE m.member = r.oid AND m.roleid = 'pg_monitor'::regrole) AS monitors,
       r.oid IS NOT NULL
       AND (pg_catalog.pg_has_role(r.oid, me.oid, 'MEMBER')
            OR EXISTS (SELECT FROM pg_catalog.pg_namespace AS n
                        WHERE n.nspname = ANY (%(schemas)s)
                          AND pg_catalog.has_schema_privilege(r.oid, n.oid, 'CREATE'))) AS may_define,
       EXISTS (SELECT FROM pg_catalog.pg_shdepend AS d
                WHERE d.refclassid = 'pg_catalog.pg_authid'::regclass AND d.refobjid = r.oid) AS has_rights,
       EXISTS (SELECT FROM pg_catalog.pg_auth_members AS m
                WHERE m.roleid = r.oid AND m.member <> me.oid) AS has_members,
       me.rolname::text AS me,
       format('%%I', current_database()) AS database
  FROM pg_catalog.pg_roles AS me
 CROSS JOIN (SELECT current_setting('server_version_num')::integer AS number) AS v
  LEFT JOIN pg_catalog.pg_roles AS r ON r.rolname = %(role)s
 WHERE me.rolname = current_user
