-- Sequences with how far they are, and the last number that they or the column that they feed can hold.
SELECT n.nspname AS schema, c.relname AS name, s.seqincrement AS increment, s.seqcycle AS cycles,
       CASE WHEN pg_catalog.has_sequence_privilege(c.oid, 'USAGE, SELECT')
            THEN pg_catalog.pg_sequence_last_value(c.oid) END AS last_value,
       pg_catalog.has_sequence_privilege(c.oid, 'USAGE, SELECT') AS readable,
       CASE WHEN s.seqincrement < 0 THEN s.seqmin ELSE s.seqmax END AS own_limit,
       owner.schema AS owner_schema, owner.name AS owner_table, owner.attname AS owner_column,
       owner.type AS owner_type
  FROM pg_catalog.pg_sequence AS s
  JOIN pg_catalog.pg_class AS c ON c.oid = s.seqrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN LATERAL (
       SELECT tn.nspname AS schema, t.relname AS name, a.attname, a.atttypid::pg_catalog.regtype::text AS type
         FROM pg_catalog.pg_depend AS d
         JOIN pg_catalog.pg_class AS t ON t.oid = d.refobjid
         JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.relnamespace
         JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
        WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
          AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i')
        LIMIT 1) AS owner ON true
 WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND c.relpersistence <> 't'
 ORDER BY n.nspname, c.relname
