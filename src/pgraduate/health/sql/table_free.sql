-- How much of one table is free, measured where its visibility map does not tell: one row.
SELECT t.table_len AS bytes, t.approx_free_space AS free, t.approx_free_percent AS free_percent,
       t.dead_tuple_len AS dead
  FROM {schema}.pgstattuple_approx(%(relation)s::pg_catalog.oid::pg_catalog.regclass) AS t
