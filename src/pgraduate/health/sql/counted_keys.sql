-- Primary keys of one whole-number column of 2 or 4 bytes that no sequence feeds and that refer to no other table.  Keys of
-- 8 bytes are left out: counting up does not reach their end.
SELECT n.nspname AS schema, t.relname AS "table", a.attname AS "column",
       a.atttypid::pg_catalog.regtype::text AS type,
       greatest(coalesce((SELECT sum(p.reltuples) FROM pg_catalog.pg_partition_tree(t.oid) AS l
                            JOIN pg_catalog.pg_class AS p ON p.oid = l.relid
                           WHERE l.isleaf AND p.reltuples > 0), t.reltuples), t.reltuples)::float8 AS rows,
       pg_catalog.has_column_privilege(t.oid, a.attnum, 'SELECT')
       AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
       AND NOT pg_catalog.row_security_active(t.oid) AS readable
  FROM pg_catalog.pg_constraint AS c
  JOIN pg_catalog.pg_class AS t ON t.oid = c.conrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = t.relnamespace
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
 WHERE c.contype = 'p' AND pg_catalog.cardinality(c.conkey) = 1
   AND a.atttypid IN ('smallint'::pg_catalog.regtype, 'integer'::pg_catalog.regtype)
   AND a.attidentity = '' AND t.relkind IN ('r', 'p') AND NOT t.relispartition AND t.relpersistence <> 't'
   AND n.nspname NOT IN ('pg_catalog', 'information_schema')
   -- owned by a sequence, or with a default that asks one
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                     JOIN pg_catalog.pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
                    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                      AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                      AND d.refobjid = t.oid AND d.refobjsubid = a.attnum)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_attrdef AS f
                     JOIN pg_catalog.pg_depend AS d
                       ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.objid = f.oid
                      AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                     JOIN pg_catalog.pg_class AS s ON s.oid = d.refobjid AND s.relkind = 'S'
                    WHERE f.adrelid = t.oid AND f.adnum = a.attnum)
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS r
                    WHERE r.conrelid = t.oid AND r.contype = 'f' AND r.conkey = c.conkey)
 ORDER BY n.nspname, t.relname
