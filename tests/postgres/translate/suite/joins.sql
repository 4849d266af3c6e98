-- row joins: joins, compounds and subqueries
SELECT id FROM people p WHERE NOT EXISTS (SELECT 1 FROM orders WHERE person_id = p.id) ORDER BY id;
SELECT person_id, item FROM orders EXCEPT SELECT id, 'pen' FROM people ORDER BY 1, 2;
SELECT a.id, b.id FROM tree a, tree b WHERE a.id = b.parent ORDER BY a.id, b.id;
SELECT t.label, p.label AS parent FROM tree t LEFT JOIN tree p ON p.id = t.parent ORDER BY t.id;
SELECT * FROM orders o JOIN people p ON p.id = o.person_id WHERE o.id = 1;
SELECT o.*, p.name FROM orders o LEFT JOIN people p ON o.person_id = p.id ORDER BY o.id LIMIT 3;
SELECT id FROM people WHERE id IN (SELECT value FROM (VALUES (1), (3)) AS v(value)) ORDER BY id;
SELECT column1, column2 FROM (VALUES (1, 'a'), (2, 'b')) ORDER BY column1 DESC;
SELECT a.name, b.name FROM people a JOIN people b ON a.age = b.age AND a.id < b.id;
SELECT name FROM people NATURAL JOIN (SELECT 1 AS id);
SELECT id FROM people JOIN tree USING (id) ORDER BY id;
SELECT p.id, o.id FROM people p LEFT JOIN orders o ON o.person_id = p.id AND o.paid ORDER BY p.id, o.id;
SELECT id FROM people WHERE (age, name) > (30, 'A') ORDER BY id;
SELECT id FROM people WHERE (age, name) <= (41, 'bob') ORDER BY id;
SELECT id FROM people WHERE (age, name) = (SELECT age, name FROM people WHERE id = 2);
SELECT id, (age, score) < (SELECT max(age), 0 FROM people) FROM people ORDER BY id;
