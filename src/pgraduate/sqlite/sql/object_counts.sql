-- How many objects of each kind a database has, SQLite's own aside.
SELECT type, count(*)
FROM main.sqlite_schema
WHERE lower(substr(name, 1, 7)) <> 'sqlite_'
GROUP BY type
