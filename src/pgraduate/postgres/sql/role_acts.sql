-- What a run did for roles, in the order in which it was done.
SELECT act_id, role_name, kind, privileges, objects, owner_name
  FROM pgraduate.role_act
 WHERE run_id = %(run_id)s
 ORDER BY act_id
