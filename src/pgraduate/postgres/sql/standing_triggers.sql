-- The triggers that fire on the tables of one schema, and how: O always but under replication, A always, R only then.
SELECT c.relname, g.tgname, g.tgenabled::text
FROM pg_catalog.pg_trigger AS g
JOIN pg_catalog.pg_class AS c ON c.oid = g.tgrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = %(schema)s AND NOT g.tgisinternal AND g.tgenabled <> 'D' AND g.tgparentid = 0
ORDER BY c.relname COLLATE "C", g.tgname COLLATE "C"
