-- The last number given out for each AUTOINCREMENT table; nothing keeps a name from standing twice.
SELECT name, max(seq)
FROM main.sqlite_sequence
WHERE typeof(seq) = 'integer'
GROUP BY name
