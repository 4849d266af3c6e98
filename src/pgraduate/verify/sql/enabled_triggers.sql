-- The users' triggers of a table that would fire, with the word that enables each as it is now.
SELECT t.tgname::text, CASE t.tgenabled WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE' END
  FROM pg_catalog.pg_trigger AS t
 WHERE t.tgrelid = %(table)s::regclass AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
 ORDER BY 1
