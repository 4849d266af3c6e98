-- row 1: positional parameters that a rewrite moves
-- values: [2, 3]
SELECT id FROM people ORDER BY id LIMIT ?, ?;
-- values: [2, 3]
SELECT id FROM people ORDER BY id LIMIT ? OFFSET ?;
-- values: [41, "a"]
SELECT id FROM people WHERE age = ? AND name > ?;
-- values: ["a", 41]
SELECT id FROM people WHERE age = ?2 AND name > ?1;
-- values: ["x"]
SELECT ?1 || ?1 AS twice;
-- values: [5, "y"]
INSERT INTO kv(value, key) VALUES (?1, ?2);
-- values: ["[Aa]nna"]
SELECT id FROM people WHERE name GLOB ?;

-- row 2: LIKE pays no attention to the case of ASCII letters
SELECT id FROM people WHERE name LIKE 'ANNA';
SELECT id FROM people WHERE name LIKE 'a%' ORDER BY id;
SELECT id FROM people WHERE name NOT LIKE '%n%';
SELECT id FROM people WHERE name LIKE 'ç%';
SELECT id FROM people WHERE email LIKE 'z\%\_' ESCAPE '\';
SELECT id FROM people WHERE age LIKE '4%';
SELECT 'aBc' LIKE 'AbC', 'a' LIKE 'a_', NULL LIKE 'a', 'a' LIKE NULL, 'É' LIKE 'é', '' LIKE '%';
SELECT id FROM people WHERE name LIKE name;

-- row 3: NULL sorts first
SELECT id, age FROM people ORDER BY age, id;
SELECT id, age FROM people ORDER BY age DESC, id;
SELECT id FROM people ORDER BY age LIMIT 1;
SELECT id FROM people ORDER BY age DESC, id LIMIT 2;
SELECT id FROM people ORDER BY age NULLS LAST, id DESC;
SELECT id FROM people ORDER BY age DESC NULLS FIRST, id;
SELECT id, rank() OVER (ORDER BY age) FROM people;
SELECT id, row_number() OVER (ORDER BY score DESC) FROM people;

-- row 4: rows without ORDER BY have no order
SELECT id, name FROM people;
SELECT id FROM people ORDER BY active;
SELECT id, name FROM people ORDER BY age DESC, active + 0;
SELECT age FROM people ORDER BY length(name) LIMIT 100;
SELECT person_id, count(*) AS n FROM orders GROUP BY person_id ORDER BY n, 2;
SELECT id FROM people UNION ALL SELECT id FROM people ORDER BY 1;
SELECT name FROM people WHERE id > 2;
SELECT item FROM orders;

-- row 10: texts against numbers
SELECT id FROM people WHERE age = '41';
SELECT id FROM people WHERE age > 'abc';
SELECT id FROM people WHERE name = 42;
SELECT id FROM people WHERE name < 5;
SELECT id, mixed FROM people ORDER BY mixed, id;
SELECT id FROM people WHERE mixed > 2;
SELECT id FROM people WHERE mixed = '5';
SELECT id, v FROM loose ORDER BY v, id;
SELECT id FROM loose WHERE v > 2 ORDER BY id;
SELECT id FROM loose WHERE v = '5';
SELECT id FROM loose WHERE v = 'five' OR v < 0;
SELECT v, count(*) FROM loose GROUP BY v;
SELECT max(v), min(v) FROM loose;
SELECT id, typeof(v) FROM loose ORDER BY id;
SELECT DISTINCT v FROM loose;
SELECT sum(v), count(v) FROM loose;
SELECT a, typeof(a) FROM pad ORDER BY a, b;
SELECT b FROM pad WHERE a = 1;
SELECT b FROM pad WHERE a = '1';
SELECT 1 < 'a', 'a' < x'61', NULL < 1, 1 = '1', 1 = 1.0, '1' = 1.0;
SELECT CAST('5' AS INTEGER) = 5, '5' = CAST(5 AS TEXT), '05' = 5;
SELECT max(mixed), min(mixed) FROM people;
SELECT id FROM people WHERE age BETWEEN '0' AND '40';
SELECT id FROM people WHERE age IN ('41', 17);
SELECT id FROM people WHERE name IN (42, 'bob');
SELECT id FROM people WHERE price = '12.5';
SELECT id FROM people WHERE id IN (SELECT quantity FROM orders);
-- values: ["41"]
SELECT id FROM people WHERE age = ?;
-- values: [42]
SELECT id FROM people WHERE name = ?;

-- row 18: GROUP BY and ORDER BY prefer a column or an alias
SELECT lower(name) AS name, count(*) FROM people GROUP BY name;
SELECT age > 18 AS age, count(*) FROM people GROUP BY age;
SELECT -id AS id, name FROM people ORDER BY id;
SELECT -id AS x, name FROM people ORDER BY x;
SELECT -id AS id FROM people ORDER BY id + 0;
SELECT item AS i, count(*) FROM orders GROUP BY i ORDER BY i;

-- row 35: GLOB, REGEXP and collations
SELECT id FROM people WHERE name GLOB 'A*';
SELECT id FROM people WHERE name GLOB '[a-b]*';
SELECT id FROM people WHERE name GLOB '[^a]*' ORDER BY id;
SELECT id FROM people WHERE name NOT GLOB '?*';
SELECT 'a*c' GLOB 'a[*]c', 'abc' GLOB 'a?c', 'a]c' GLOB 'a[]]c', '' GLOB '*';
SELECT id FROM people WHERE name GLOB note || '*';
SELECT id FROM people WHERE name REGEXP '^A';
SELECT id FROM people WHERE name = 'ANNA' COLLATE NOCASE;
SELECT id, email FROM people WHERE email = 'anna@x.ORG';
SELECT id FROM people ORDER BY email, id;
SELECT id FROM people ORDER BY name COLLATE NOCASE, id;
SELECT id FROM people ORDER BY name;
SELECT max(name), min(name) FROM people;
SELECT max(email) FROM people;
SELECT DISTINCT name COLLATE NOCASE FROM people WHERE name LIKE 'anna';
SELECT count(DISTINCT email) FROM people;
SELECT 'a ' = 'a' COLLATE RTRIM, 'a' = 'A' COLLATE NOCASE, 'a' < 'B';
SELECT item COLLATE NOCASE AS i, count(*) FROM orders GROUP BY item COLLATE NOCASE ORDER BY count(*), 1;
SELECT id FROM people ORDER BY name COLLATE german;

-- row 36: upper and lower know ASCII only
SELECT upper('é'), lower('É'), upper('straße'), lower('ABCÇ');
SELECT upper(name), lower(name) FROM people;
SELECT id FROM people WHERE lower(name) = 'Çelik';

-- row 37: UNIQUE over NOCASE
INSERT INTO people(id, email) VALUES (8, 'ANNA@x.ORG');
INSERT INTO people(id, email) VALUES (8, NULL);
INSERT INTO people(id, email) VALUES (8, '');
INSERT INTO account(login) VALUES (NULL), (NULL);

-- row 54: LIMIT and OFFSET
SELECT id FROM people ORDER BY id LIMIT -1;
SELECT id FROM people ORDER BY id LIMIT -1 OFFSET 4;
SELECT id FROM people ORDER BY id LIMIT 2 OFFSET -3;
SELECT id FROM people ORDER BY id LIMIT 0;
SELECT id FROM people ORDER BY id LIMIT 1 + 1;
SELECT id FROM people ORDER BY id LIMIT '2';
SELECT id FROM people ORDER BY id LIMIT 2, 3;
SELECT id FROM people ORDER BY id LIMIT (SELECT count(*) FROM kv);
SELECT id FROM people ORDER BY id LIMIT 2.0;

-- row 52: parameters of an unknown type, and many of them
-- values: [null]
SELECT id FROM people WHERE ? IS NULL;
-- values: [5]
SELECT id FROM people WHERE ? IS NULL OR id = ?1;
-- values: [1, "a", "b"]
SELECT CASE WHEN ? THEN ? ELSE ? END AS x;
-- values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
SELECT id FROM people WHERE id IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);
-- values: [null, "x"]
SELECT coalesce(?, ?) AS x, typeof(?1) AS t;
-- values: [2.5]
SELECT ? * 2 AS x, typeof(?1) AS t;
-- values: [30, "Anna"]
UPDATE people SET age = ? WHERE name = ?;
-- values: [7.0]
UPDATE people SET age = ? WHERE id = 1;
-- values: ["12"]
UPDATE people SET age = ? WHERE id = 1;
-- values: ["%n%"]
SELECT id FROM people WHERE name LIKE ?;
-- values: ["2024-01-31 10:20:30"]
SELECT id FROM people WHERE seen = ?;
-- values: ["+1 day"]
SELECT date('2024-01-31', ?) AS d;
-- values: [":k", 3]
INSERT INTO kv(key, hits) VALUES (:k, :n);
-- values: ["a", 3]
INSERT INTO kv(key, hits) VALUES (@k, @n) ON CONFLICT(key) DO UPDATE SET hits = hits + @n;
