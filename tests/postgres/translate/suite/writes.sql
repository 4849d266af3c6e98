-- row writes: UPDATE and DELETE in every form
UPDATE people SET active = NOT active WHERE id IN (1, 2);
UPDATE people SET active = (age >= 18) WHERE age IS NOT NULL;
UPDATE orders SET paid = 1, amount = amount * 1.1 WHERE NOT paid AND amount > 0;
UPDATE orders SET quantity = quantity + 1, item = item || '!' WHERE id = (SELECT max(id) FROM orders WHERE quantity < 5);
UPDATE orders SET amount = s.score FROM people AS s WHERE s.id = orders.person_id AND s.score > 0;
UPDATE people SET note = CASE WHEN age >= 18 THEN 'adult' ELSE 'minor' END WHERE age IS NOT NULL RETURNING id, note;
DELETE FROM orders WHERE person_id IN (SELECT id FROM people WHERE name LIKE 'a%') RETURNING id, item;
DELETE FROM tags WHERE (name, person_id) IN (SELECT name, person_id FROM tags WHERE weight IS NULL);
DELETE FROM logs WHERE id NOT IN (SELECT id FROM logs ORDER BY at DESC LIMIT 1);
