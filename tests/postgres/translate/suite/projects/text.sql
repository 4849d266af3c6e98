-- row text2: texts and blobs of an application
SELECT substr('hello', -3), substr('hello', -3, 2), substr('hello', 2, -1), substr('hello', 0, 3), substr('hello', 10), substr('hello', -10, 7), substring('hello', 2, 3), substr(12345, 2, 2);
SELECT instr('hello', 'l'), instr('hello', 'z'), instr('hello', ''), instr(x'0102ff', x'ff'), instr(NULL, 'a'), instr(12345, 34);
SELECT hex('abc'), hex(x'00ff'), hex(255), hex(NULL), quote('it''s'), quote(NULL), quote(1.5), quote(x'0aff'), quote(5);
SELECT unicode('é'), unicode(''), char(72, 228, 8364), char(), zeroblob(3), length(zeroblob(3)), length(randomblob(3)), typeof(zeroblob(1));
SELECT length('é'), length(x'c3a9'), length(12.5), length(NULL), length(''), upper('éa'), lower('ÄA'), upper(NULL), typeof(upper(1));
SELECT trim('  a  '), ltrim('xxaxx', 'x'), rtrim('abcba', 'ab'), trim('abcba', 'ca'), trim(5), replace('aaa', 'a', 'bb'), replace('abc', '', 'x'), replace(123, 2, 'x');
SELECT hex(substr(body, 2, 2)), length(body), typeof(body), quote(hash) FROM file ORDER BY id;
SELECT path FROM file WHERE body = x'68656c6c6f' OR hash > x'10' ORDER BY path;
SELECT CAST(body AS TEXT), upper(hex(hash)), body IS NULL, body = '' FROM file WHERE id IN (1, 2) ORDER BY id;
SELECT 'abc' LIKE 'A%', 'a_c' LIKE 'a\_c' ESCAPE '\', 'abc' LIKE 'a\_c' ESCAPE '\', '50%' LIKE '50!%' ESCAPE '!', 'É' LIKE 'é', NULL LIKE 'a', 5 LIKE '5', 'abc' NOT LIKE '%b%';
SELECT 'abc' GLOB 'a*', 'abc' GLOB 'A*', 'abc' GLOB '[a-b]bc', 'abc' GLOB '[^a]*', 'a]c' GLOB 'a[]]c', 'a-c' GLOB 'a[a-]c', 'a*c' GLOB 'a[*]c', 'abc' GLOB '???', 'a[c' GLOB 'a[[]c';
SELECT title FROM task WHERE title LIKE '%\%%' ESCAPE '\' OR title GLOB '*[ ]it' ORDER BY id;
-- values: ["%IT"]
SELECT title FROM task WHERE title LIKE ? ORDER BY id;
SELECT name FROM user WHERE name LIKE 'd%' OR email LIKE '%EXAMPLE%' ORDER BY id;
SELECT like('a%', 'ABC'), like('a!%', 'a%', '!'), glob('a*', 'abc');
SELECT name FROM user ORDER BY name COLLATE NOCASE, id;
SELECT name FROM user WHERE name = 'ADA' COLLATE NOCASE;
SELECT id FROM user WHERE email = 'BERT@EXAMPLE.ORG';
SELECT 'a' = 'A' COLLATE NOCASE, 'a  ' = 'a' COLLATE RTRIM, 'a' COLLATE NOCASE < 'B', 'b' COLLATE BINARY > 'A', 'a' IN ('A', 'B') COLLATE NOCASE;
SELECT email FROM user GROUP BY email COLLATE NOCASE ORDER BY email;
SELECT max(name COLLATE NOCASE), min(email), count(DISTINCT email COLLATE NOCASE) FROM user;
SELECT DISTINCT lower(title) COLLATE NOCASE FROM task ORDER BY 1;
-- not translated
SELECT title COLLATE NOCASE FROM task UNION SELECT name FROM user ORDER BY 1;
SELECT CASE name WHEN 'ADA' COLLATE NOCASE THEN 1 ELSE 0 END FROM user ORDER BY id;
SELECT 'x' || 1 || 2.0 || NULL, 'x' || 1 || 2.0, 1 || 2, 1.0 || '', 1e20 || '', x'41' || 'b', -0.0 || '';
SELECT path, rtrim(path, replace(path, '/', '')) AS dir, replace(path, rtrim(path, replace(path, '/', '')), '') AS base FROM file ORDER BY id;
SELECT soundex('Robert');
SELECT "no such column", 'it''s', 'a"b', [name] FROM user LIMIT 1;
SELECT name FROM user WHERE name > "B" ORDER BY name;
SELECT unhex('414243'), octet_length('é'), concat('a', NULL, 1), concat_ws('-', 'a', NULL, 'b'), string_agg(name, ',') FROM user;
SELECT group_concat(name ORDER BY name DESC) FROM user;
SELECT group_concat(DISTINCT state) FROM (SELECT state FROM task ORDER BY state);
SELECT group_concat(priority), group_concat(estimate, ' | '), group_concat(NULL) FROM task;
SELECT length(hex(randomblob(8))), typeof(random()), abs(random()) >= 0, random() BETWEEN -9223372036854775808 AND 9223372036854775807;
