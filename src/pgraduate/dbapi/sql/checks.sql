-- A table's checks, in the order in which they were made.
SELECT conname::text
  FROM pg_constraint
  JOIN pg_class ON pg_class.oid = conrelid
 WHERE contype = 'c'
   AND pg_class.relnamespace = to_regnamespace(quote_ident($1))
   AND relname = $2
 ORDER BY pg_constraint.oid
