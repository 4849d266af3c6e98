-- row numbers: numbers, conversions and choices
SELECT typeof(1 + '2'), '5 apples' * 2, 'x' + 1, - '3', + 'a', ~ 5, '0x10' + 0;
SELECT 7 / 2, 7 / 2.0, 7 % 3, -7 % 3, 7.9 % 3, 1 / 0, 5 % 0, 0.0 / 0;
SELECT CAST('3.9' AS INTEGER), CAST(3.9 AS INTEGER), CAST(-3.9 AS INT), CAST('abc' AS REAL), CAST(x'3132' AS INTEGER), CAST(12 AS TEXT), CAST('1e3' AS NUMERIC);
SELECT round(2.5), round(-2.5), round(1.005, 2), round(12345.678, -2), round('3.7'), round(NULL), round(7);
SELECT 9223372036854775807 + 1, 9223372036854775807 * 2, -9223372036854775808, 0x7fffffffffffffff;
SELECT 1e3, 1e15, 1e16, 0.1 + 0.2, 100.0, 1.0 || '', 3.0 * 2 || 'x', 1e100 || '';
SELECT 1 = 1.0, '1' = 1, 'a' < 1, 1 < 'a', NULL = NULL, NULL IS NULL, 1 IS NOT NULL, 2 IN (1, 2, NULL), 3 IN (1, NULL), 3 NOT IN (1, 2);
SELECT id FROM people WHERE name = "anna";
SELECT coalesce(NULL, name, 'x'), ifnull(age, 0), nullif(age, 41), iif(age > 18, 'a', 'b') FROM people ORDER BY id;
SELECT max(age, 18), min(age, score), max('a', name) FROM people WHERE age IS NOT NULL ORDER BY id;
SELECT CASE age WHEN 30 THEN 'thirty' WHEN NULL THEN 'none' ELSE 'other' END FROM people ORDER BY id;
SELECT id, CASE WHEN age IS NULL THEN 'unknown' WHEN age < 18 THEN 'minor' ELSE age END FROM people ORDER BY id;
SELECT 1 WHERE 1 IN () OR 2 NOT IN ();
SELECT abs(-5), abs('-3.5'), abs(NULL), sign(-2), char(72, 105), unicode('A'), zeroblob(2), length(randomblob(4));
SELECT sqrt(16), pow(2, 0.5), ln(10), log10(1000), log(2, 8), exp(1), sin(0), floor(-2.5), ceil(2.1), trunc(-2.7), ceil(3);
