-- How many cells of one table keep their class, how many stand in quarantine, and whether some value is stored out of line.
SELECT
    (SELECT count(*) FROM pgraduate.kept_class AS k WHERE k.schema_name = %(schema)s AND k.table_name = %(table)s),
    (SELECT count(*) FROM pgraduate.quarantine AS q WHERE q.schema_name = %(schema)s AND q.table_name = %(table)s),
    (
        SELECT c.reltoastrelid <> 0 AND pg_catalog.pg_relation_size(c.reltoastrelid) > 0
        FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = %(schema)s AND c.relname = %(table)s
    )
