-- Whether this role may check an index: one row.
SELECT pg_catalog.has_function_privilege(
           pg_catalog.to_regprocedure(pg_catalog.quote_ident(%(schema)s) || '.bt_index_check(regclass, boolean)'), 'EXECUTE'
       ) AS allowed
