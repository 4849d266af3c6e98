-- What one run recorded of single rows whose place another file's row has.
SELECT source_name, table_name, old_key, new_key, fate
FROM pgraduate.merged_row
WHERE run_id = %(run)s
