-- One index by its name: does it stand, can it be used, and is somebody building it right now?  A concurrent build stands
-- in the catalog a moment before it says which index it builds.
SELECT i.indrelid = to_regclass(%(table)s) AS on_table, i.indisvalid AND i.indisready AND i.indislive AS is_whole,
       EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p
                WHERE p.index_relid = i.indexrelid
                   OR (p.relid = i.indrelid AND p.index_relid = 0 AND p.command LIKE '%%CONCURRENTLY')) AS in_work,
       pg_catalog.pg_get_indexdef(i.indexrelid) AS definition
  FROM pg_catalog.pg_index i
 WHERE i.indexrelid = to_regclass(%(name)s)
