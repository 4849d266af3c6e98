-- row parameters: parameters in conditions, pages and writes
-- values: ["anna", 30]
SELECT id, name FROM people WHERE name = ?1 COLLATE NOCASE AND (age > ?2 OR ?2 IS NULL);
-- values: [2, 1]
SELECT id FROM people ORDER BY id LIMIT ?, ?;
-- values: ["%a%"]
SELECT id, name FROM people WHERE name LIKE ? OR email LIKE ?1 ORDER BY id;
-- values: ["1", "x"]
INSERT INTO kv(key, value, hits) VALUES (:key || ?2, ?2, length(:key));
-- values: [null]
SELECT id FROM people WHERE age IS ? ORDER BY id;
-- values: [null, null]
SELECT id FROM people WHERE (? IS NULL OR age = ?1) AND (?2 IS NULL OR name = ?2) ORDER BY id;
-- values: [5, 10]
SELECT CASE WHEN ? > ?2 THEN 'more' ELSE 'less' END AS word;
-- values: ["1", 2]
SELECT ? + ?, typeof(?1 + ?2), ?1 || ?2;
-- values: ["30"]
SELECT id FROM people WHERE age = ?;
-- values: [30.0]
SELECT id FROM people WHERE age = ?;
-- values: [1]
SELECT id FROM people WHERE active = ? ORDER BY id;
-- values: ["2024-01-01", "2024-12-31"]
SELECT id FROM people WHERE seen BETWEEN ? AND ? ORDER BY seen, id;
-- values: [3]
UPDATE kv SET hits = hits + ?, value = coalesce(value, '') || ?1 WHERE key IN ('a', 'c');
