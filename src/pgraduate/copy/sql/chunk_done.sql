-- Say that a chunk is copied, in the transaction that copied it.
INSERT INTO pgraduate.chunk (run_id, schema_name, table_name, chunk, low, high, row_count, byte_count)
VALUES (%(run)s, %(schema)s, %(table)s, %(chunk)s, %(low)s, %(high)s, %(rows)s, %(bytes)s)
