-- Collations that remember the version of the library that sorted by them, with the version that it has now.
SELECT n.nspname AS schema, c.collname AS name, c.collversion AS recorded,
       pg_catalog.pg_collation_actual_version(c.oid) AS actual,
       (SELECT count(DISTINCT x.indexrelid)
          FROM pg_catalog.pg_index AS x
         WHERE c.oid = ANY (x.indcollation::pg_catalog.oid[]))::integer AS indexes
  FROM pg_catalog.pg_collation AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.collnamespace
 WHERE c.collversion IS NOT NULL
   AND c.collencoding IN (-1, (SELECT d.encoding FROM pg_catalog.pg_database AS d
                                WHERE d.datname = current_database()))
 ORDER BY n.nspname, c.collname
