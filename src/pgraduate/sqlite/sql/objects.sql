-- Every object in the order in which it was made; automatic indexes have no text.
SELECT type, name, tbl_name, coalesce(sql, '')
FROM main.sqlite_schema
WHERE type = 'index' OR lower(substr(name, 1, 7)) <> 'sqlite_'
ORDER BY rowid
