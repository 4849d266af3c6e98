-- What the server says of a role, and whether it is the one that this connection acts as; no row where there is none.
SELECT r.rolname = current_user AS current, r.rolsuper AS superuser, r.rolbypassrls AS bypasses_row_security,
       r.rolcanlogin AS can_login
  FROM pg_catalog.pg_roles AS r
 WHERE r.rolname = %(role)s
