-- Check the order inside one B-tree index, and that every row of its table is in it.
SELECT {schema}.bt_index_check(%(index)s::pg_catalog.oid::pg_catalog.regclass, true)
