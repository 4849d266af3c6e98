-- row 5: the kind of a division, a sum and an average
SELECT 7 / 2, -7 / 2, 7 / -2, 7.0 / 2, 7 % 3, -7 % 3, 5.5 % 2, 7 / 2.0;
SELECT sum(quantity), count(*), avg(quantity), total(quantity), sum(amount) FROM orders;
SELECT sum(quantity) / count(*) FROM orders;
SELECT sum(quantity) FROM orders WHERE id > 100;
SELECT typeof(sum(quantity)), typeof(avg(quantity)), typeof(sum(amount)), typeof(total(quantity)) FROM orders;
SELECT item, avg(quantity) FROM orders GROUP BY item ORDER BY item;
SELECT sum(price), avg(price), typeof(sum(price)) FROM people;
SELECT sum(age > 18) FROM people;
SELECT id, age / 2, age * 1.0 / 2, age / 0 FROM people;
SELECT count(DISTINCT age), sum(DISTINCT age) FROM people;

-- row 6: CAST
SELECT CAST(3.9 AS INTEGER), CAST(-3.9 AS INT), CAST('12abc' AS INTEGER), CAST('abc' AS INTEGER), CAST('' AS INTEGER);
SELECT CAST('3.7x' AS REAL), CAST('1e3' AS NUMERIC), CAST('1.0' AS NUMERIC), CAST(' 12 ' AS INTEGER);
SELECT CAST(12 AS TEXT), CAST(1.0 AS TEXT), CAST(1e20 AS TEXT), CAST(x'41' AS TEXT), CAST('a' AS BLOB);
SELECT CAST(name AS INTEGER), CAST(age AS TEXT), CAST(score AS INTEGER) FROM people ORDER BY id;
SELECT CAST(NULL AS INTEGER), CAST(9e18 AS INTEGER), CAST(1e30 AS INTEGER), CAST('0x10' AS INTEGER);
SELECT CAST(price AS INTEGER), CAST(price AS TEXT), CAST(born AS INTEGER) FROM people ORDER BY id;
SELECT CAST(2.5 AS DECIMAL(10,2)), CAST('abc' AS VARCHAR(2)), CAST(5 AS BOOLEAN);

-- row 7: round, and a number as text
SELECT round(2.5), round(-2.5), round(3.5), round(2.345, 2), round(2.675, 2), round(1234.5, -2), round(5);
SELECT id, round(score, 1), round(price, 1), round(age) FROM people ORDER BY id;
SELECT 1.0 || '', 1e15 || '', 1e16 || '', 0.1 || '', -0.0 || '', 1.5e-7 || '';
SELECT name || score, name || age, age || '' FROM people ORDER BY id;
SELECT 100.0, 1e100, 0.1 + 0.2, 1.0 * 3, 3 * 1;
SELECT ceil(1.2), floor(-1.2), abs(-5), abs(-5.5), abs('x'), sign(-3), trunc(1.9);
SELECT sqrt(16), power(2, 10), exp(0), ln(1), log(100), pi() > 3.14, mod(7, 3);

-- row 8: positions in texts
SELECT substr('hello', -3), substr('hello', 0, 3), substr('hello', 2, 2), substr('hello', -3, 2), substr('hello', 2, -1);
SELECT substr('hello', 10), substr('', 1), substr(NULL, 1), substr('hello', 2.9), substring('hello', 2);
SELECT instr('hello', 'l'), instr('hello', 'z'), instr('', ''), instr(NULL, 'a'), instr('a', NULL), instr('é1', '1');
SELECT length('é'), length(x'00ff'), length(NULL), length(123), length(''), length(1.0);
SELECT 'a' || NULL, NULL || 'a', 'a' || 1, 1 || 2;
SELECT id, substr(name, 1, 2), length(name), length(data), instr(name, 'n') FROM people ORDER BY id;
SELECT trim('  a '), ltrim('xxa', 'x'), rtrim('axx', 'x'), trim('xyaxy', 'xy'), replace('banana', 'a', 'o'), replace('a', '', 'b');
SELECT id, substr(seen, 1, 10), substr(born, 1, 4) FROM people ORDER BY id;

-- row 9: a text in double quotes
SELECT "no such column";
SELECT id FROM people WHERE name = "bob";
SELECT "name", "age" FROM people ORDER BY id;
SELECT id FROM people WHERE "note" = "x";
SELECT `name`, [age] FROM people ORDER BY id;

-- row 11: values that do not fit their column
INSERT INTO people(id, age) VALUES (8, '77');
-- not translated
INSERT INTO people(id, age) VALUES (8, 'abc');
INSERT INTO people(id, name) VALUES (8, 12);
INSERT INTO people(id, score) VALUES (8, 12);
INSERT INTO people(id, score) VALUES (8, '1.5');
INSERT INTO people(id, mixed) VALUES (8, 'anything'), (9, 1.5), (10, 3);
-- under declared: different: PostgreSQL enforces the declared length
INSERT INTO people(id, note) VALUES (8, 'more than twenty characters');
INSERT INTO pad VALUES ('5', 5, 5.0);
INSERT INTO pad VALUES (5, 5.5, '6');

-- row 12: booleans are 1 and 0
SELECT id, active FROM people WHERE active ORDER BY id;
SELECT id FROM people WHERE NOT active;
SELECT id FROM people WHERE active = 1;
SELECT id FROM people WHERE active = TRUE AND age > 18;
SELECT id FROM people WHERE active IS NOT FALSE;
SELECT sum(active), count(active), avg(active), max(active) FROM people;
SELECT active, count(*) FROM people GROUP BY active ORDER BY active;
SELECT TRUE, FALSE, NOT 5, NOT NULL, 1 AND 0, 1 OR NULL, TRUE + 1;
SELECT id, age > 18, age > 18 AND active, (age > 18) = 1 FROM people ORDER BY id;
SELECT id FROM people WHERE age;
SELECT id FROM people WHERE name;
SELECT id FROM orders WHERE paid IS NULL;
SELECT id, CASE WHEN paid THEN 'yes' ELSE 'no' END FROM orders ORDER BY id;
SELECT active || '', active + 1, typeof(active), -active FROM people ORDER BY id;
UPDATE people SET active = NOT active;
UPDATE people SET active = 0 WHERE age > 18;
UPDATE people SET active = age > 18 WHERE age IS NOT NULL;
INSERT INTO people(id, active) VALUES (8, TRUE), (9, 0);
-- under declared: not translated
INSERT INTO people(id, active) VALUES (8, 2);
-- values: [true]
SELECT id FROM people WHERE active = ?;

-- row 38: blobs
SELECT x'41', x'', hex(x'00ff'), hex('é'), typeof(x'41'), length(x'');
SELECT id, data, hex(data) FROM people ORDER BY id;
SELECT id FROM people WHERE data = x'41';
SELECT id FROM people WHERE data = 'A';
SELECT id FROM people WHERE data > x'40' ORDER BY data;
SELECT x'41' || 'b', 'a' || x'0a' || 'c', typeof(x'41' || 'b');
SELECT quote(x'00ff'), quote('it''s'), quote(1.5), quote(NULL), quote(7);
SELECT substr(x'010203', 2, 1), x'01' < x'02', zeroblob(3);
INSERT INTO people(id, data) VALUES (8, x'0102'), (9, NULL);
INSERT INTO people(id, data) VALUES (8, zeroblob(2));

-- row 39: scalar max and min, IS, iif
SELECT max(1, NULL), min(1, 2, 3), max('a', 'B'), min(1, 'a'), max(1, 2.5), max(x'00', 'z');
SELECT max(age, 18), min(name, 'b') FROM people ORDER BY id;
SELECT ifnull(NULL, 'x'), ifnull(1, 'x'), coalesce(NULL, NULL, 2), nullif(1, 1), nullif('a', 'b');
SELECT id, ifnull(age, 'none') FROM people ORDER BY id;
SELECT id, coalesce(age, name, 0) FROM people ORDER BY id;
SELECT iif(1, 'a', 'b'), iif(0, 'a', 'b'), iif(NULL, 1, 2), iif(age > 18, 'old', 'young') FROM people;
SELECT NULL IS NULL, 1 IS 1, 1 IS NOT 2, 'a' IS 'a', NULL IS NOT 1, 1 IS NULL, 1 == 1, 1 <> 2, 1 != 2;
SELECT id FROM people WHERE age IS 41;
SELECT id FROM people WHERE age IS NOT 41;
SELECT id FROM people WHERE email IS NULL AND name NOT NULL;
SELECT id FROM people WHERE age ISNULL OR score NOTNULL;
SELECT likely(1), unlikely(0), likelihood(age, 0.5) FROM people;

-- row 40: functions that PostgreSQL does not have, or has with another meaning
SELECT printf('%d %s %05.2f %x %%', 5, 'a', 3.14159, 255);
SELECT format('%,d|%-5s|%5s|%+d', 1234567, 'ab', 'cd', 3), printf('%c%q', 'x', 'it''s');
SELECT typeof(1), typeof(1.0), typeof('a'), typeof(NULL), typeof(x'00'), typeof(age), typeof(mixed) FROM people;
SELECT typeof(random()), random() IS NOT NULL, abs(random()) >= 0;
SELECT char(65, 66, 233), unicode('A'), unicode('é'), unicode(''), hex('abc'), hex(12);
SELECT length(randomblob(8)), typeof(randomblob(1));
SELECT group_concat(name) FROM (SELECT name FROM people ORDER BY id);
SELECT group_concat(id, '-') FROM (SELECT id FROM people ORDER BY id);
SELECT group_concat(DISTINCT age) IS NOT NULL FROM people;
SELECT item, group_concat(quantity ORDER BY id) FROM orders GROUP BY item;
SELECT string_agg(name, ';' ORDER BY id) FROM people;
SELECT total(age), total(name) FROM people;
SELECT nullif(age, 41), ifnull(score, 0) FROM people ORDER BY id;
SELECT soundex('Robert');
SELECT octet_length('é'), concat('a', NULL, 1), concat_ws('-', 'a', NULL, 'b');
SELECT unhex('41ff'), unhex('zz');
SELECT median(age) FROM people;

-- row 41: division by zero, and numbers beyond 64 bits
SELECT 1 / 0, 1.0 / 0, 1 % 0, 0 / 0, NULL / 0;
SELECT age / (age - age) FROM people;
SELECT 9223372036854775807 + 1, -9223372036854775808 - 1, 9223372036854775807 * 2;
SELECT 9223372036854775807, -9223372036854775808, 9223372036854775808, 0x7fffffffffffffff, 0xff;
SELECT sum(x) FROM (SELECT 9223372036854775807 AS x UNION ALL SELECT 1);
SELECT 1 << 3, 256 >> 2, 5 & 3, 5 | 3, ~5, 1 << 64, 1 << -1, -1 >> 1;
SELECT 1e308 * 10, -1e308 * 10, abs(-9223372036854775807);

-- row 56: values of several types in one column
SELECT 1 UNION SELECT 'a';
SELECT 1 UNION ALL SELECT 1.0 UNION ALL SELECT '1';
SELECT 1 UNION ALL SELECT 1.5 UNION ALL SELECT 'one';
SELECT age FROM people UNION SELECT name FROM people ORDER BY 1;
SELECT id, CASE WHEN age > 18 THEN age ELSE name END FROM people ORDER BY id;
SELECT CASE 1 WHEN '1' THEN 'text' ELSE 'number' END, CASE WHEN NULL THEN 1 END;
VALUES (1, 'a'), ('b', 2), (NULL, 3.5);
SELECT NULL UNION SELECT 1 UNION SELECT NULL;
SELECT id FROM people EXCEPT SELECT person_id FROM orders;
SELECT age FROM people INTERSECT SELECT quantity FROM orders;

-- row 60: the kinds of the compat functions' own overloads
SELECT typeof(abs(-7)), typeof(abs(-7.0)), typeof(round(7)), typeof(max(1, 2)), typeof(max(1, 2.0));
SELECT typeof(7 / 2), typeof(7 % 2), typeof(substr(123, 1, 1)), typeof(ifnull(NULL, 3)), typeof(nullif(3, 4));
SELECT typeof(1 + 1.0), typeof('1' + 1), typeof('1.5' + 1), typeof(+'1'), typeof(-'1');
SELECT '5 apples' * 2, 'abc' + 1, '1e2' + 0, '0x10' + 0, '' + 1, ' 7' + 1, '-' + 1;
