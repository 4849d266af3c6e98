INSERT INTO pgraduate.role_act (run_id, role_name, kind, privileges, objects, owner_name)
VALUES (%s, %s, %s, %s, %s, %s)
