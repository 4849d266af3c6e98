-- Whether this role may measure a relation: one row.
SELECT pg_catalog.has_function_privilege(
           pg_catalog.to_regprocedure(pg_catalog.quote_ident(%(schema)s) || '.pgstatindex(regclass)'), 'EXECUTE'
       ) AS allowed
