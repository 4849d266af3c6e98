-- row booleans: truth values in conditions and results
SELECT DISTINCT o.item FROM orders o JOIN people p ON p.id = o.person_id WHERE p.active ORDER BY o.item;
SELECT * FROM (SELECT id, name FROM people WHERE active UNION ALL SELECT id, item FROM orders WHERE paid) ORDER BY 1, 2 LIMIT 5;
SELECT true, false, NOT 5, NOT 0, NOT NULL, 5 AND 3, 0 OR NULL, 1 AND NULL, 'a' AND 1, '1' AND 1, 0.5 AND 1;
SELECT id, active = 1, active IS TRUE, active IS NOT FALSE, NOT active, active + 1 FROM people ORDER BY id;
SELECT id FROM people WHERE active AND NOT (age < 18) ORDER BY id;
SELECT id FROM people WHERE active <> 0 AND age BETWEEN 18 AND 65 ORDER BY id;
SELECT name FROM people ORDER BY CASE WHEN active THEN 0 ELSE 1 END, lower(name);
SELECT id FROM people WHERE (active, age) = (1, 30);
