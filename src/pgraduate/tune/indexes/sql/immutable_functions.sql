-- Names of functions all of whose forms are immutable: only these may stand in an index.
SELECT p.proname
  FROM pg_catalog.pg_proc p
 GROUP BY p.proname
HAVING bool_and(p.provolatile = 'i')
