WITH refused AS (
    DELETE FROM pgraduate.refused_object
    WHERE run_id = %(run_id)s AND source_name = %(source)s AND ordinal = %(ordinal)s
)
DELETE FROM pgraduate.object
WHERE run_id = %(run_id)s AND source_name = %(source)s AND ordinal = %(ordinal)s
