-- row parameters2: parameters of every form
-- values: [1, "b"]
SELECT ?, ?2, ?1;
-- values: [1, "b", 2.5]
SELECT :a, @b, $c, :a;
-- values: [1, 2, "c", 4]
SELECT ?3, ?1, ?;
-- values: [1, "Cleo"]
SELECT name FROM user WHERE id = :id OR name = :name ORDER BY id;
-- values: ["d"]
SELECT name FROM user WHERE (:q IS NULL OR name LIKE '%' || :q || '%') ORDER BY id;
-- values: [1, "a", 1.5, null, null, 5, "12x"]
SELECT ? + 1, ? || 'x', typeof(?), coalesce(?, 'none'), ? IS NULL, -?, CAST(? AS INTEGER);
-- values: [1, 2, "5"]
SELECT id FROM task WHERE priority IN (?, ?, ?) ORDER BY id;
-- values: [1, "open"]
SELECT id FROM task WHERE estimate > ? AND state = ? ORDER BY id;
-- values: ["5"]
SELECT id FROM task WHERE priority = ?;
-- values: ["Ship"]
SELECT id FROM task WHERE title = ?;
-- values: [1, 0]
SELECT CASE WHEN ? THEN 'yes' ELSE 'no' END, iif(?, 1, 2);
-- values: ["n", "E@X", 5]
INSERT INTO user(name, email, settings) VALUES (:n, lower(:e), json_object('x', :x));
-- values: [null, "2025-01-01", 1]
UPDATE task SET priority = coalesce(?, priority), due = ? WHERE id = ?;
