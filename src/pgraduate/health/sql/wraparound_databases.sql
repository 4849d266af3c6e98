-- Ages of every database in transactions and in multixacts.
SELECT d.datname AS name, d.datname = current_database() AS current,
       pg_catalog.age(d.datfrozenxid)::bigint AS xids, pg_catalog.mxid_age(d.datminmxid)::bigint AS multixacts
  FROM pg_catalog.pg_database AS d
 ORDER BY 3 DESC
