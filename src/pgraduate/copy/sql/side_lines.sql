-- How many cells of some tables keep their class, and how many stand in quarantine; a table without either has no line.
WITH
wanted AS (SELECT * FROM unnest(%(schemas)s::text[], %(tables)s::text[]) AS w (schema_name, table_name)),
kept AS (SELECT schema_name, table_name, count(*) AS cells FROM pgraduate.kept_class JOIN wanted USING (schema_name, table_name) GROUP BY 1, 2),
held AS (SELECT schema_name, table_name, count(*) AS cells FROM pgraduate.quarantine JOIN wanted USING (schema_name, table_name) GROUP BY 1, 2)
SELECT schema_name, table_name, coalesce(kept.cells, 0), coalesce(held.cells, 0)
FROM kept
FULL JOIN held USING (schema_name, table_name)
