-- What decides whether and how a table can be partitioned.
SELECT
    c.reltuples::pg_catalog.int8 AS rows,
    coalesce(pg_catalog.pg_stat_get_tuples_inserted(c.oid), 0) AS inserted,
    coalesce(pg_catalog.pg_stat_get_tuples_updated(c.oid), 0) AS updated,
    k.conname::pg_catalog.text AS key_name,
    ARRAY(
        SELECT a.attname::pg_catalog.text FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY AS o (attnum, place)
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = o.attnum ORDER BY o.place
    ) AS key,
    ARRAY(
        SELECT a.attname::pg_catalog.text FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attidentity <> '' ORDER BY a.attnum
    ) AS identities,
    ARRAY(
        SELECT coalesce(pg_catalog.pg_sequence_last_value(d.objid) + 1, s.seqstart) FROM pg_catalog.pg_attribute AS a
        JOIN pg_catalog.pg_depend AS d
            ON d.refobjid = c.oid AND d.refobjsubid = a.attnum AND d.deptype = 'i'
            AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
        JOIN pg_catalog.pg_sequence AS s ON s.seqrelid = d.objid
        WHERE a.attrelid = c.oid AND a.attidentity <> '' ORDER BY a.attnum
    ) AS highest,
    (SELECT count(*) FROM pg_catalog.pg_trigger AS t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal) AS triggers,
    (SELECT count(*) FROM pg_catalog.pg_index AS i WHERE i.indrelid = c.oid AND NOT i.indisprimary) AS indexes,
    (SELECT count(*) FROM pg_catalog.pg_constraint AS f WHERE f.conrelid = c.oid AND f.contype = 'f') AS foreign_keys,
    coalesce(pg_catalog.cardinality(c.relacl), 0) AS grants
FROM pg_catalog.pg_class AS c
LEFT JOIN pg_catalog.pg_constraint AS k ON k.conrelid = c.oid AND k.contype = 'p'
WHERE c.oid = %(table)s
