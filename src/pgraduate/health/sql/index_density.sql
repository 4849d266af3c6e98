-- How full the leaf pages of one B-tree index are, measured by reading it: one row.
SELECT d.leaf_pages, d.empty_pages, d.deleted_pages, d.avg_leaf_density AS density
  FROM {schema}.pgstatindex(%(relation)s::pg_catalog.oid::pg_catalog.regclass) AS d
