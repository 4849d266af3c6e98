-- How many cells of one table keep their class, and how many stand in quarantine.
SELECT
    (SELECT count(*) FROM pgraduate.kept_class AS k WHERE k.schema_name = %(schema)s AND k.table_name = %(table)s),
    (SELECT count(*) FROM pgraduate.quarantine AS q WHERE q.schema_name = %(schema)s AND q.table_name = %(table)s)
