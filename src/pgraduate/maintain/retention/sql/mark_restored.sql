-- Rows of a batch are live again.
UPDATE pgraduate.retention_batch
SET restored = restored + %(rows)s, place = %(place)s, checksum = %(checksum)s
WHERE batch = %(batch)s AND schema_name = %(schema)s AND table_name = %(table)s
