-- Every run that this database knows, oldest first, with how far its rows have come.
SELECT r.run_id, r.started, r.finished, r.verdict, r.version,
       coalesce((SELECT json_agg(json_build_object(
                            'name', s.name, 'path', s.path, 'schema', s.schema_name, 'digest', s.digest,
                            'bytes', s.bytes, 'sealed', s.sealed, 'parts', s.plan -> 'merge' -> 'parts') ORDER BY s.position)
                   FROM pgraduate.source AS s WHERE s.run_id = r.run_id), '[]') AS sources,
       (SELECT coalesce(sum(c.row_count), 0)::bigint FROM pgraduate.chunk AS c WHERE c.run_id = r.run_id) AS rows_done,
       (SELECT count(*) FROM pgraduate.object AS o WHERE o.run_id = r.run_id) AS objects_done
  FROM pgraduate.run AS r
 ORDER BY r.started, r.run_id
