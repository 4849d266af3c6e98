-- The last other run that did something for a role, and was not taken back.
SELECT a.run_id
  FROM pgraduate.role_act AS a
  JOIN pgraduate.run AS r USING (run_id)
 WHERE a.role_name = %(role)s AND a.run_id <> %(run_id)s
 ORDER BY a.act_id DESC
 LIMIT 1
