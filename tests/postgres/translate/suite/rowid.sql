-- row rowid: rowid by its names
SELECT rowid, * FROM tree WHERE rowid > 3 ORDER BY rowid DESC;
SELECT tree.oid, _rowid_, label FROM tree ORDER BY oid LIMIT 2;
