-- The search_path that a role, by default the current one, has in the current database: one row, or none where it is
-- not set.
SELECT substr(entry, length('search_path=') + 1)
  FROM pg_catalog.pg_db_role_setting AS s
  JOIN pg_catalog.pg_database AS d ON d.oid = s.setdatabase
  JOIN pg_catalog.pg_roles AS r ON r.oid = s.setrole
 CROSS JOIN unnest(s.setconfig) AS entry
 WHERE d.datname = current_database() AND r.rolname = coalesce(%(role)s::text, current_user)
   AND entry LIKE 'search_path=%%'
