SELECT s.last_value, s.is_called, q.seqmax
FROM {sequence} AS s, pg_catalog.pg_sequence AS q
WHERE q.seqrelid = s.tableoid
