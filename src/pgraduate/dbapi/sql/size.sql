-- Bytes that the tables of a schema take, with their indexes and long values.
SELECT coalesce(sum(pg_total_relation_size(pg_class.oid)), 0)::bigint
  FROM pg_class
 WHERE relkind = 'r'
   AND relnamespace = to_regnamespace(quote_ident($1))
