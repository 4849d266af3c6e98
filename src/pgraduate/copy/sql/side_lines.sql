-- How many cells of one table keep their class, and how many stand in quarantine.
SELECT
    (SELECT count(*) FROM pgraduate.kept_class WHERE schema_name = %(schema)s AND table_name = %(table)s),
    (SELECT count(*) FROM pgraduate.quarantine WHERE schema_name = %(schema)s AND table_name = %(table)s)
