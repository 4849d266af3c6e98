-- The tables and views of some schemas as the current role sees them: what is granted, which columns a write may name,
-- which writes fire something even when they touch no row, and the row-level security.
SELECT n.nspname AS schema, c.relname AS name, pg_catalog.format('%%I.%%I', n.nspname, c.relname) AS qualified,
       CASE WHEN c.relkind IN ('v', 'm') THEN 'view' ELSE 'table' END AS kind,
       (SELECT coalesce(pg_catalog.array_agg(a.attname::text ORDER BY a.attnum), '{}')
          FROM pg_catalog.pg_attribute AS a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
           AND a.attgenerated = '' AND a.attidentity <> 'a') AS writable,
       (SELECT coalesce(pg_catalog.array_agg(p.privilege), '{}')
          FROM (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) AS p (privilege)
         WHERE pg_catalog.has_table_privilege(c.oid, p.privilege)) AS granted,
       (SELECT coalesce(pg_catalog.array_agg(p.privilege), '{}')
          FROM (VALUES ('SELECT'), ('INSERT'), ('UPDATE')) AS p (privilege)
         WHERE pg_catalog.has_any_column_privilege(c.oid, p.privilege)) AS granted_columns,
       -- A statement-level trigger (tgtype without bit 1) and a rule act on a statement, whatever its rows.
       (SELECT coalesce(pg_catalog.array_agg(DISTINCT e.privilege), '{}')
          FROM (VALUES ('INSERT', 4, '3'), ('UPDATE', 16, '2'), ('DELETE', 8, '4')) AS e (privilege, bit, rule)
         WHERE EXISTS (SELECT FROM pg_catalog.pg_trigger AS t
                        WHERE t.tgrelid = c.oid AND t.tgenabled <> 'D'
                          AND t.tgtype & 1 = 0 AND t.tgtype & e.bit <> 0)
            OR EXISTS (SELECT FROM pg_catalog.pg_rewrite AS w
                        WHERE w.ev_class = c.oid AND w.ev_enabled <> 'D'
                          AND w.ev_type::text = e.rule)) AS fires,
       c.relrowsecurity AS row_security, c.relforcerowsecurity AS forced,
       c.relrowsecurity AND pg_catalog.row_security_active(c.oid) AS applies,
       (SELECT count(*) FROM pg_catalog.pg_policy AS p WHERE p.polrelid = c.oid) AS policies
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname = ANY (%(schemas)s) AND c.relkind IN ('r', 'p', 'v', 'm')
 ORDER BY 1, 3, 2
