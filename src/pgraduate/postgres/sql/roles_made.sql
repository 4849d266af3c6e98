-- Roles that pgraduate made and that still exist, of one run or of all.
SELECT DISTINCT a.role_name
  FROM pgraduate.role_act AS a
  JOIN pg_catalog.pg_roles AS r ON r.rolname = a.role_name
 WHERE a.kind = 'role' AND a.run_id = coalesce(%(run_id)s::text, a.run_id)
 ORDER BY a.role_name
