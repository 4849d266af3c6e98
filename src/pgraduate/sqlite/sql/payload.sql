-- The bytes of all records in one table's b-tree, record headers included, overflow pages included.
SELECT coalesce(sum(payload), 0)
FROM dbstat('main', 1)
WHERE name = ?
