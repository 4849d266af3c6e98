SELECT ordinal FROM pgraduate.refused_object WHERE run_id = %s AND source_name = %s
