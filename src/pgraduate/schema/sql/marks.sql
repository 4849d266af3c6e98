SELECT ordinal, kind FROM pgraduate.object WHERE run_id = %s AND source_name = %s
