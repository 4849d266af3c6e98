-- row 16: columns beside an aggregate
SELECT name, max(age) FROM people;
SELECT name, min(score) FROM people;
-- different: several rows have the maximum, and SQLite takes the first that it visits
SELECT *, max(id) FROM kv, tree;
SELECT id, item, max(quantity) FROM orders GROUP BY person_id;
SELECT item, person_id, count(*) FROM orders GROUP BY item;
SELECT name, count(*) FROM people WHERE id > 100;
SELECT name, age FROM people GROUP BY active;
SELECT person_id, min(amount), item FROM orders GROUP BY person_id ORDER BY person_id;
SELECT name, max(age), min(age) FROM people;
SELECT p.name, max(o.quantity) FROM people p JOIN orders o ON o.person_id = p.id GROUP BY p.id ORDER BY p.id;

-- row 17: aliases in WHERE and HAVING, DISTINCT and ORDER BY, derived tables
SELECT age * 2 AS double FROM people WHERE double > 50;
SELECT item, sum(quantity) AS s FROM orders GROUP BY item HAVING s > 3;
SELECT DISTINCT name FROM people ORDER BY age, name;
SELECT DISTINCT active FROM people ORDER BY active DESC;
SELECT * FROM (SELECT id, name FROM people WHERE id < 3);
SELECT count(*) FROM (SELECT DISTINCT age FROM people);
SELECT * FROM (VALUES (1, 'a'), (2, 'b'));
SELECT column1 FROM (VALUES (3), (4));
SELECT id AS a, a + 1 AS b FROM (SELECT 5 AS id, 6 AS a);
SELECT count(*) FROM people HAVING count(*) > 3;
SELECT name FROM people GROUP BY 1 ORDER BY 1;
SELECT 'x' AS k, count(*) FROM people GROUP BY k;
SELECT people.* FROM people JOIN orders ON orders.person_id = people.id ORDER BY id, orders.id;
SELECT o.*, p.name FROM people AS p JOIN orders AS o ON o.person_id = p.id ORDER BY id DESC;

-- row 19: INSERT OR REPLACE
INSERT OR REPLACE INTO kv(key, value) VALUES ('a', 'new');
REPLACE INTO kv(key, value, hits) VALUES ('a', 'new', 5), ('z', 'z', 1);
REPLACE INTO account(id, login) VALUES (1, 'changed');
REPLACE INTO account(login, number) VALUES ('ann', 200);
REPLACE INTO account(id, login, number) VALUES (9, 'bob', 100);
REPLACE INTO people(id, name) VALUES (1, 'again');
INSERT OR REPLACE INTO totals SELECT item, sum(quantity) FROM orders WHERE item IS NOT NULL AND quantity IS NOT NULL GROUP BY item;
REPLACE INTO tags VALUES ('red', 1, 9);

-- row 20: OR IGNORE, OR FAIL, OR ABORT
INSERT OR IGNORE INTO kv(key, value) VALUES ('a', 'x'), ('n', 'y');
INSERT OR IGNORE INTO account(login, number) VALUES ('ann', 5), ('new', 6);
INSERT OR IGNORE INTO totals VALUES ('new', NULL);
INSERT OR IGNORE INTO tags VALUES ('x', 1, -5);
INSERT OR ABORT INTO kv(key) VALUES ('n'), ('a');
-- different: SQLite keeps the rows before the failing one
INSERT OR FAIL INTO kv(key) VALUES ('n'), ('a');
INSERT OR ROLLBACK INTO kv(key) VALUES ('n');
UPDATE OR IGNORE kv SET key = 'a';
UPDATE OR REPLACE kv SET key = 'a' WHERE key = 'b';
UPDATE kv SET key = 'a' WHERE key = 'b';

-- row 21: upsert
INSERT INTO kv(key, value) VALUES ('a', 'new') ON CONFLICT(key) DO UPDATE SET value = excluded.value;
INSERT INTO kv(key, hits) VALUES ('a', 5) ON CONFLICT(key) DO UPDATE SET hits = hits + excluded.hits;
INSERT INTO kv(key, value) VALUES ('a', 'x') ON CONFLICT(key) DO UPDATE SET value = value || excluded.value;
INSERT INTO kv(key, value) VALUES ('a', 'x') ON CONFLICT DO NOTHING;
INSERT INTO kv(key) VALUES ('a') ON CONFLICT(key) DO UPDATE SET hits = 9 WHERE kv.hits > 5;
INSERT INTO tags VALUES ('red', 1, 5) ON CONFLICT(name, person_id) DO UPDATE SET weight = excluded.weight;
INSERT INTO tags VALUES ('red', 1, 5) ON CONFLICT(person_id, name) DO NOTHING;
INSERT INTO totals SELECT item, sum(quantity) FROM orders WHERE item = 'pen' GROUP BY item ON CONFLICT(item) DO UPDATE SET quantity = totals.quantity + excluded.quantity;
INSERT INTO account(login, number) VALUES ('ann', 300) ON CONFLICT(login) DO UPDATE SET number = excluded.number RETURNING id, number;
INSERT INTO people(email, name) VALUES ('ANNA@x.org', 'n') ON CONFLICT(email) DO UPDATE SET name = excluded.name;
INSERT INTO kv(key) VALUES ('a') ON CONFLICT(value) DO NOTHING;
INSERT INTO kv(key) VALUES ('a') ON CONFLICT(key) DO NOTHING ON CONFLICT DO UPDATE SET hits = 1;

-- row 22: the number of a row that was deleted
INSERT INTO orders(item) VALUES ('new') RETURNING id;
INSERT INTO tree(label) VALUES ('new') RETURNING id;
INSERT INTO people(name) VALUES ('new') RETURNING id, active, note;

-- row 23: numbers given by hand
INSERT INTO tree(id, label) VALUES (50, 'x') RETURNING id;
INSERT INTO tree(id, label) VALUES (-3, 'x');
INSERT INTO tree(id, label) SELECT id + 100, label FROM tree;

-- row 24: NULL for the rowid
INSERT INTO tree VALUES (NULL, 1, 'n') RETURNING id;
INSERT INTO tree(id, label) VALUES (NULL, 'n'), (NULL, 'm');
INSERT INTO tree(id, label) SELECT NULL, label FROM tree WHERE id < 3;
-- values: [null, "n"]
INSERT INTO tree(id, label) VALUES (?, ?);

-- row 25: rowid
SELECT rowid, name FROM people ORDER BY rowid;
SELECT _rowid_, oid FROM people WHERE rowid = 3;
SELECT p.rowid FROM people AS p WHERE p.rowid IN (1, 2);
UPDATE people SET name = 'x' WHERE rowid = 2;
DELETE FROM tree WHERE rowid > 3;
-- not translated
SELECT rowid FROM tags;
SELECT last_insert_rowid();
SELECT changes(), total_changes();

-- row 33: names of columns that have no alias
SELECT count(*), max(age), name || 'x', 1, 'text', age + 1 FROM people;
SELECT p.id, o.id FROM people p JOIN orders o ON o.person_id = p.id ORDER BY o.id;
SELECT p.*, o.item FROM people p LEFT JOIN orders o ON o.person_id = p.id WHERE p.id < 3 ORDER BY o.id;
SELECT p.name, (SELECT 1), NULL, -age FROM people p;
SELECT Name, AGE, people.Id FROM people;
SELECT COUNT( * ) , Max( age ) FROM people;
SELECT "name" || 'x', [age]+1 FROM people;
SELECT main.people.name FROM people;
SELECT * FROM people NATURAL JOIN (SELECT 1 AS id);
SELECT * FROM tags JOIN people ON people.id = tags.person_id ORDER BY tags.name, people.id;

-- row 55: UPDATE and DELETE of a few rows, with other tables
DELETE FROM orders ORDER BY id LIMIT 1;
UPDATE orders SET quantity = 0 ORDER BY id LIMIT 2;
UPDATE orders SET quantity = (SELECT max(age) FROM people WHERE people.id = orders.person_id);
UPDATE orders SET amount = p.age FROM people AS p WHERE p.id = orders.person_id;
UPDATE orders AS o SET quantity = o.quantity + 1 WHERE o.person_id IN (SELECT id FROM people WHERE active);
UPDATE people SET name = email, email = name WHERE id = 1;
UPDATE people SET (name, age) = ('n', 5) WHERE id = 1;
UPDATE people SET (name, age) = (SELECT item, quantity FROM orders WHERE orders.id = 1) WHERE id = 2;
UPDATE people SET age = age + 1 RETURNING id, age;
UPDATE kv SET hits = hits + 1, value = coalesce(value, '') || key;
UPDATE people SET score = 5, age = 2.0, price = 7 WHERE id = 1;
DELETE FROM orders WHERE person_id = (SELECT id FROM people WHERE name = 'Anna');
DELETE FROM orders WHERE EXISTS (SELECT 1 FROM people p WHERE p.id = person_id AND p.age > 40) RETURNING id, item;
DELETE FROM tags;
INSERT INTO kv SELECT item, max(id), sum(quantity) FROM orders WHERE item IS NOT NULL AND quantity IS NOT NULL GROUP BY item;
WITH old AS (SELECT id FROM people WHERE age > 40) DELETE FROM orders WHERE person_id IN old;
WITH q(k, v) AS (VALUES ('k1', 'v1'), ('k2', 'v2')) INSERT INTO kv(key, value) SELECT k, v FROM q;

-- row 57: common table expressions
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 4) SELECT i FROM n;
WITH RECURSIVE down(id, label, depth) AS (SELECT id, label, 0 FROM tree WHERE parent IS NULL UNION ALL SELECT t.id, t.label, d.depth + 1 FROM tree t JOIN down d ON t.parent = d.id) SELECT * FROM down ORDER BY id;
WITH RECURSIVE n(i) AS (SELECT 1 UNION SELECT (i * 2) % 7 FROM n) SELECT i FROM n ORDER BY i;
WITH RECURSIVE path(id, p) AS (SELECT id, label FROM tree WHERE parent IS NULL UNION ALL SELECT t.id, path.p || '/' || t.label FROM tree t, path WHERE t.parent = path.id ORDER BY 1) SELECT p FROM path ORDER BY p;
WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS y FROM a) SELECT x, y FROM a, b;
WITH c AS MATERIALIZED (SELECT count(*) AS n FROM people) SELECT n FROM c;
WITH RECURSIVE fib(a, b) AS (VALUES (0, 1) UNION ALL SELECT b, a + b FROM fib WHERE b < 50) SELECT a FROM fib ORDER BY a;

-- row joins: joins, subqueries and windows as both engines know them
SELECT p.id, o.item FROM people p LEFT JOIN orders o ON p.id = o.person_id AND o.quantity > 2 ORDER BY p.id, o.item;
SELECT p.id, o.id FROM people p RIGHT JOIN orders o ON p.id = o.person_id ORDER BY o.id;
SELECT p.id, o.id FROM people p FULL OUTER JOIN orders o ON p.id = o.person_id ORDER BY p.id, o.id;
SELECT count(*) FROM people, orders;
SELECT count(*) FROM people CROSS JOIN kv;
SELECT id FROM people WHERE id IN (SELECT person_id FROM orders WHERE item = 'pen') ORDER BY id;
SELECT id FROM people WHERE id NOT IN (SELECT person_id FROM orders WHERE person_id IS NOT NULL);
SELECT id FROM people WHERE id NOT IN (SELECT person_id FROM orders);
SELECT id, (SELECT count(*) FROM orders o WHERE o.person_id = p.id) AS n FROM people p ORDER BY n DESC, id;
SELECT id FROM people p WHERE EXISTS (SELECT 1 FROM orders o WHERE o.person_id = p.id AND o.paid);
SELECT id FROM people WHERE (age, active) = (41, 1);
SELECT id FROM people WHERE (age, name) IN (SELECT 41, 'bob');
SELECT id, sum(quantity) OVER (PARTITION BY person_id ORDER BY id) FROM orders ORDER BY id;
SELECT id, lag(item) OVER (ORDER BY id), lead(item, 1, 'none') OVER (ORDER BY id) FROM orders;
SELECT id, ntile(3) OVER (ORDER BY id), first_value(id) OVER w, count(*) OVER () FROM orders WINDOW w AS (ORDER BY id) ORDER BY id;
SELECT item, count(*) FILTER (WHERE paid) FROM orders GROUP BY item ORDER BY item;
SELECT * FROM adults ORDER BY id;
SELECT * FROM sold ORDER BY item;
SELECT tags.name, group_concat(people.name, ',' ORDER BY people.id) FROM tags JOIN people ON people.id = tags.person_id GROUP BY tags.name ORDER BY 1;
SELECT * FROM tree AS a JOIN tree AS b USING (id) ORDER BY id;
SELECT id FROM people INDEXED BY sqlite_autoindex_people_1 WHERE email = 'q';
SELECT id FROM orders NOT INDEXED WHERE person_id = 1 ORDER BY id;
SELECT ALL id FROM kv JOIN tree ON tree.id = kv.hits ORDER BY 1;
SELECT DISTINCT p.active, o.paid FROM people p JOIN orders o ON o.person_id = p.id ORDER BY 1, 2;

-- row reads: statements that read what they write
UPDATE tree SET parent = (SELECT max(id) FROM tree);
UPDATE orders SET quantity = (SELECT count(*) FROM orders o WHERE o.quantity > 2);
DELETE FROM tree WHERE parent NOT IN (SELECT id FROM tree);
INSERT INTO tree(label) SELECT label || '!' FROM tree;
INSERT INTO kv SELECT key || 'x', value, hits FROM kv;
UPDATE account SET number = number + 100;
UPDATE account SET id = id + 1;
UPDATE account SET id = -id;
DELETE FROM orders WHERE quantity < (SELECT avg(quantity) FROM orders);
INSERT INTO tree(id, label) SELECT max(id) + 1, 'next' FROM tree;

-- row shapes: statements as applications write them
SELECT p.id, p.name, count(o.id) AS orders, coalesce(sum(o.quantity * o.amount), 0) AS worth FROM people p LEFT JOIN orders o ON o.person_id = p.id GROUP BY p.id, p.name ORDER BY worth DESC, p.id LIMIT 3;
SELECT count(*) AS total, sum(CASE WHEN paid THEN 1 ELSE 0 END) AS paid, sum(CASE WHEN NOT paid THEN 1 ELSE 0 END) AS open FROM orders;
SELECT strftime('%Y', seen) AS year, sum(active) AS active FROM people WHERE seen IS NOT NULL GROUP BY year HAVING count(*) > 1 ORDER BY year DESC;
SELECT name FROM people WHERE lower(name) LIKE '%' || lower('AN') || '%' ORDER BY name COLLATE NOCASE;
SELECT * FROM orders WHERE (person_id = 1 AND item = 'pen') OR (person_id = 2 AND item IS NULL) ORDER BY id DESC;
SELECT DISTINCT item FROM orders WHERE item IS NOT NULL ORDER BY item LIMIT 10;
SELECT max(id) + 1 FROM people;
SELECT coalesce(max(quantity), 0) + 1 FROM orders WHERE person_id = 99;
SELECT EXISTS(SELECT 1 FROM account WHERE login = 'ann');
SELECT id, CASE WHEN amount IS NULL THEN 'free' WHEN amount < 1 THEN 'cheap' ELSE 'dear' END AS class FROM orders ORDER BY id;
SELECT t.label, p.label AS parent FROM tree t LEFT JOIN tree p ON p.id = t.parent ORDER BY t.id;
SELECT item, round(avg(amount), 2) AS mean FROM orders WHERE amount > 0 GROUP BY lower(item) ORDER BY mean;
SELECT (SELECT count(*) FROM people) AS people, (SELECT count(*) FROM orders WHERE paid) AS paid;
SELECT date(seen) AS day, count(*) FROM people GROUP BY date(seen) ORDER BY day;
SELECT id, row_number() OVER (PARTITION BY person_id ORDER BY quantity DESC, id) AS place FROM orders WHERE person_id IS NOT NULL ORDER BY id;
SELECT a.id, b.id FROM orders a, orders b WHERE a.item = b.item AND a.id < b.id;
SELECT group_concat(DISTINCT item) FROM orders WHERE item = 'pen';
SELECT substr(email, instr(email, '@') + 1) AS host, count(*) FROM people WHERE email LIKE '%@%' GROUP BY host;
UPDATE orders SET paid = 1, amount = coalesce(amount, 0) + 1.5 WHERE paid IS NULL OR NOT paid;
UPDATE account SET title = upper(title), number = number + 1 WHERE login IN ('ann', 'bob');
UPDATE people SET seen = datetime(seen, '+1 hour') WHERE seen IS NOT NULL;
UPDATE people SET born = date(born, 'start of year') WHERE born < '1991';
-- different: SQLite's subquery sees the rows that the same UPDATE has changed already
UPDATE tree SET label = label || ' of ' || (SELECT p.label FROM tree p WHERE p.id = tree.parent) WHERE parent IN (1, 2);
UPDATE kv SET hits = hits + 1 WHERE key = 'a' AND hits < 5;
-- under declared: different: the result has more digits than the declared DECIMAL(10,2) holds
UPDATE people SET price = price * 1.1 WHERE price IS NOT NULL;
-- under declared: different: DECIMAL(10,2) became numeric(10,2), which rounds what SQLite stores whole
UPDATE people SET price = price * 1.1 WHERE id = 5;
-- under declared: different: DECIMAL(10,2) became numeric(10,2), which rounds what SQLite stores whole
UPDATE people SET price = price / 3 WHERE id = 1;
UPDATE people SET price = age WHERE id = 1;
UPDATE people SET price = score WHERE id = 1;
-- under declared: different: DECIMAL(10,2) became numeric(10,2), which rounds what SQLite stores whole
INSERT INTO people(id, price) SELECT id + 10, score / 7 FROM people WHERE id = 1;
UPDATE people SET price = round(price * 1.1, 2) WHERE price = 12.5;
DELETE FROM kv WHERE hits = 0 OR value IS NULL;
DELETE FROM logs WHERE at < datetime('2024-01-01', '+12 hours');
DELETE FROM tree WHERE id NOT IN (SELECT parent FROM tree WHERE parent IS NOT NULL);
INSERT INTO logs(what) SELECT name FROM people WHERE id > 100;
INSERT INTO totals(item, quantity) SELECT item || '!', count(*) FROM orders WHERE item IS NOT NULL GROUP BY item;
INSERT INTO account DEFAULT VALUES;
INSERT INTO orders(person_id, item, amount) VALUES (1, 'a', 1), (2, 'b', 2.5), (NULL, NULL, NULL);
INSERT INTO tags(name, person_id) VALUES ('x', 7) RETURNING *;
