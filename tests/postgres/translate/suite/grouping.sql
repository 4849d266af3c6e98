-- row grouping: groups and totals
SELECT p.name, count(o.id) AS n, coalesce(sum(o.quantity * o.amount), 0) AS total FROM people p LEFT JOIN orders o ON o.person_id = p.id GROUP BY p.id HAVING n > 0 ORDER BY total DESC, p.name;
SELECT item, sum(quantity) AS total, round(avg(amount), 2) AS mean FROM orders GROUP BY lower(item) ORDER BY total DESC, item;
SELECT id, (SELECT group_concat(item, '/') FROM (SELECT item FROM orders WHERE person_id = people.id ORDER BY id)) AS items FROM people ORDER BY id;
SELECT name FROM people WHERE id IN (SELECT person_id FROM orders GROUP BY person_id HAVING count(*) > 1) ORDER BY name;
SELECT group_concat(DISTINCT item) FROM orders WHERE item = 'pen';
SELECT group_concat(name, ', ') FROM (SELECT name FROM people ORDER BY name);
SELECT count(*), count(age), sum(active), sum(age > 18), total(active), avg(active) FROM people;
SELECT sum(age > 18 AND active), sum(CASE WHEN active THEN 1 END), max(age > 18) FROM people;
SELECT max(rowid), count(*) FROM orders;
SELECT count(*), count(DISTINCT item), count(*) FILTER (WHERE paid) FROM orders;
SELECT "Group", count(*) AS "n of rows" FROM "Order" GROUP BY "Group" ORDER BY 1;
SELECT item, max(amount), quantity FROM orders GROUP BY item ORDER BY item;
SELECT name, min(age) FROM people WHERE active;
SELECT person_id, item, count(*) FROM orders GROUP BY person_id ORDER BY person_id;
SELECT count(*) FROM people CROSS JOIN tree WHERE people.id = tree.id;
SELECT avg(age), avg(score), sum(score), sum(price), total(age) FROM people;
SELECT sum(quantity) / count(*), avg(quantity) / 2, sum(quantity) * 1.0 / count(*) FROM orders;
