-- Objects and bytes of the run's schemas; a partition and an index of a constraint count as what they are.
SELECT count(*) FILTER (WHERE c.relkind IN ('r', 'p'))                                            AS tables,
       count(*) FILTER (WHERE c.relkind IN ('i', 'I'))                                            AS indexes,
       count(*) FILTER (WHERE c.relkind IN ('v', 'm'))                                            AS views,
       (SELECT count(*) FROM pg_catalog.pg_trigger t
          JOIN pg_catalog.pg_class r ON r.oid = t.tgrelid
          JOIN pg_catalog.pg_namespace s ON s.oid = r.relnamespace
         WHERE s.nspname = ANY (%(schemas)s) AND NOT t.tgisinternal)                              AS triggers,
       coalesce(sum(pg_catalog.pg_total_relation_size(c.oid)) FILTER (WHERE c.relkind IN ('r', 'm')), 0)::bigint
                                                                                                  AS bytes
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = ANY (%(schemas)s)
