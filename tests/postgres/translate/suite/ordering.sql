-- row ordering: orders and pages
SELECT name, age + 1, age * 2.5, -age, 'x' || age FROM people WHERE id < 3 ORDER BY id;
SELECT [select], `Group` FROM "Order" WHERE [two words] IS NOT NULL ORDER BY "select" DESC;
SELECT name FROM people ORDER BY age IS NULL, age DESC, name LIMIT 4 OFFSET 1;
SELECT age FROM people ORDER BY 1 LIMIT -1 OFFSET 2;
SELECT id FROM people ORDER BY id LIMIT 2 + 1;
SELECT id FROM people WHERE (age, name) > (30, 'A') ORDER BY id;
SELECT id, data, length(data), typeof(data) FROM people WHERE data IS NOT NULL ORDER BY data, id;
SELECT id, mixed FROM people WHERE mixed IS NOT NULL ORDER BY id;
