-- row text: text and patterns
SELECT item FROM orders WHERE paid UNION SELECT label FROM tree ORDER BY item COLLATE NOCASE, 1;
SELECT upper(substr(name, 1, 1)) || lower(substr(name, 2)) FROM people ORDER BY id;
SELECT replace(trim(name), ' ', '_') AS slug, length(name) FROM people ORDER BY id;
SELECT name, instr(name, 'a'), substr(name, -3), substr(name, 2, 1) FROM people ORDER BY id;
SELECT name FROM people WHERE name GLOB '[A-Z]*' OR name GLOB '*[0-9]*' ORDER BY id;
SELECT name FROM people WHERE name LIKE '%\_%' ESCAPE '\' OR email LIKE '%!%%' ESCAPE '!';
SELECT name FROM people WHERE name NOT LIKE 'A%' ORDER BY name COLLATE NOCASE DESC;
SELECT printf('%05d|%-6s|%6.2f|%x|%%', 42, 'ab', 3.14159, 255), format('%s has %d', 'x', 3.9);
SELECT printf('%,d', 1234567), printf('%+d', 5), printf('%e', 12345.678), printf('%c', 'hello'), printf('%q', 'it''s');
SELECT hex('abc'), hex(x'00ff'), unhex('4142'), quote('it''s'), quote(x'01'), quote(NULL), quote(1.5);
SELECT username FROM "Order" WHERE USERNAME = 'ann' COLLATE NOCASE ORDER BY "select";
SELECT name, age FROM people ORDER BY age DESC NULLS LAST, name COLLATE NOCASE;
SELECT id FROM people WHERE data = x'41' OR substr(data, 1, 1) = x'61' ORDER BY id;
SELECT likely(age > 18), unlikely(name), random() BETWEEN -9223372036854775808 AND 9223372036854775807 FROM people WHERE id = 1;
