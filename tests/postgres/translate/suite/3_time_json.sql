-- row 13: moments are texts
SELECT id, seen, born FROM people ORDER BY id;
SELECT id FROM people WHERE seen > '2024-01-31';
SELECT id FROM people WHERE seen = '2024-01-31 10:20:30';
SELECT id FROM people WHERE seen > '2024-01-31T00:00:00';
SELECT id FROM people WHERE born < '1990-06';
SELECT max(seen), min(born) FROM people;
SELECT id FROM people WHERE seen BETWEEN '2024-01-01' AND '2024-02-29';
SELECT id FROM people ORDER BY seen DESC, id;
SELECT substr(seen, 12) FROM people ORDER BY id;
SELECT seen || '!', length(born), typeof(seen) FROM people ORDER BY id;
SELECT id FROM people WHERE seen LIKE '2024-01%';
INSERT INTO people(id, seen) VALUES (8, '2024-05-06 07:08:09');
-- under declared: not translated
INSERT INTO people(id, seen) VALUES (8, 'yesterday');
UPDATE people SET born = '2001-02-03' WHERE id = 1;
-- values: ["2024-02-01 00:00:00"]
SELECT id FROM people WHERE seen < ? ORDER BY id;

-- row 14: CURRENT_TIMESTAMP
SELECT length(CURRENT_TIMESTAMP), length(CURRENT_DATE), length(CURRENT_TIME), typeof(CURRENT_TIMESTAMP);
SELECT CURRENT_TIMESTAMP LIKE '____-__-__ __:__:__', CURRENT_DATE = date('now');
INSERT INTO logs(id, what, at) VALUES (3, 'x', date('2024-01-01'));
SELECT datetime('now') > '2020-01-01', strftime('%Y', 'now') > '2020', julianday('now') > 2459000;

-- row 15: modifiers
SELECT date('2024-01-31', '+1 month'), date('2024-03-31', '-1 month'), date('2024-02-29', '+1 year');
SELECT datetime('2024-05-17 10:11:12', 'start of month'), date('2024-05-17', 'start of year', '+1 day', 'weekday 0');
SELECT datetime('2024-05-17', '+1.5 days'), datetime('2024-05-17', '-90 minutes'), time('10:00', '+3601 seconds');
SELECT strftime('%Y-%m-%d %H:%M:%S %j %w %s', '2024-05-17 10:11:12'), strftime('%W', '2024-01-01'), strftime('%f', '10:11:12.3456');
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', '2024-05-17 10:11:12'), strftime('%Q', '2024-01-01');
SELECT julianday('2024-05-17'), unixepoch('2024-05-17'), julianday('bad'), date(NULL), date('2024-02-30');
SELECT datetime(1700000000, 'unixepoch'), date(0, 'unixepoch'), datetime(stamp, 'unixepoch') FROM people ORDER BY id;
SELECT id, date(seen), date(seen, '+1 month'), strftime('%Y', born) FROM people ORDER BY id;
SELECT id, julianday(seen) - julianday(born) FROM people ORDER BY id;
SELECT id, date(born, '+' || id || ' days') FROM people ORDER BY id;
SELECT strftime('%Y-%m', seen) AS month, count(*) FROM people GROUP BY month ORDER BY month;
SELECT id FROM people WHERE date(seen) = '2024-01-31';
SELECT id FROM people WHERE seen > datetime('2024-02-01', '-1 day');
SELECT timediff('2024-05-17', '2024-01-01');
SELECT datetime('2024-05-17 10:00', 'utc'), datetime('2024-05-17T10:00:00+02:00');
SELECT CAST(strftime('%s', '2024-05-17') AS INTEGER), strftime('%s', seen) - strftime('%s', born) FROM people ORDER BY id;
SELECT id, unixepoch(seen) FROM people ORDER BY id;

-- row 34: JSON
SELECT json_extract('{"a": {"b": [10, 20]}}', '$.a.b[1]'), json_extract('{"a": 1}', '$.z');
SELECT id, json_extract(doc, '$.a'), json_extract(doc, '$.b') FROM people ORDER BY id;
SELECT id, doc -> '$.b', doc ->> '$.b', doc ->> 'a', doc -> 'a' FROM people ORDER BY id;
SELECT json_type('{"a": 1.5}', '$.a'), json_type('[1]'), json_type('null'), json_valid('{'), json_valid('[1]');
SELECT json_array(1, 'a', NULL, 2.5), json_object('a', 1, 'b', 'x'), json('{"a" : 1 }');
SELECT json_set('{"a":1}', '$.b', 2), json_remove('{"a":1,"b":2}', '$.a'), json_insert('[1]', '$[1]', 2);
SELECT json_patch('{"a":1}', '{"b":2}'), json_replace('{"a":1}', '$.a', 9), json_quote('x');
SELECT json_array_length('[1,2,3]'), json_array_length('{"a":[1]}', '$.a');
SELECT json_group_array(id) FROM (SELECT id FROM people ORDER BY id);
SELECT json_group_object(key, value) FROM (SELECT key, value FROM kv ORDER BY key);
SELECT key, value, type FROM json_each('{"a": 1, "b": "x"}');
SELECT e.value FROM people, json_each(people.doc, '$.b') AS e WHERE people.id = 1;
SELECT fullkey, atom FROM json_tree('{"a": [1, 2]}');
SELECT id, doc FROM people ORDER BY id;
SELECT typeof(doc), length(doc) FROM people WHERE id = 1;
SELECT id FROM people WHERE json_extract(doc, '$.a') = 1;
SELECT id FROM people WHERE doc = '[]';
UPDATE people SET doc = json_set(doc, '$.new', 5) WHERE id = 1;
INSERT INTO people(id, doc) VALUES (8, '{"b": 1, "a": 1}');
-- under declared: not translated
INSERT INTO people(id, doc) VALUES (8, 'no json');
SELECT key, value, type, atom, fullkey, path FROM json_each('{"a":5,"a_b":[1,2],"x y":null,"_":true,"a1":1.5,"1a":"s"}');
SELECT key, value, type, atom, fullkey, path FROM json_tree('{"a":[1,{"c":2}],"b":{"d":null}}');
SELECT key, value, type FROM json_each('{"a": {"b": 5}}', '$.a.b');
SELECT key, value FROM json_each('[10,20,"x"]') WHERE key > 0;
SELECT count(*) FROM json_each('5'), json_each('[1,2]');
SELECT count(*) FROM json_each(NULL);
SELECT value FROM json_each('{bad');
SELECT j.value, typeof(j.value), j.value || '!' FROM json_each('["a",1,2.5,null]') AS j;
SELECT sum(value), group_concat(value, '|') FROM json_each('[1,2,3]');
SELECT value FROM json_each('[3,1,2]') ORDER BY value;
SELECT p.id, t.fullkey FROM people AS p LEFT JOIN json_tree(p.doc) AS t ON t.type = 'integer' ORDER BY 1, 2;
SELECT id FROM people WHERE EXISTS (SELECT 1 FROM json_each(people.doc) WHERE json_each.value = 1);
SELECT name FROM people WHERE id IN (SELECT value FROM json_each('[1,"2","x",null]'));
SELECT name FROM people WHERE id NOT IN (SELECT value FROM json_each('[1,"x"]'));
SELECT key FROM kv WHERE key IN (SELECT value FROM json_each('["a","b"]'));
SELECT id FROM people WHERE id = json_extract('{"a":"2"}', '$.a');
SELECT key FROM kv WHERE key = json_extract('{"a":5}', '$.a');
INSERT INTO tree(parent, label) SELECT key, value FROM json_each('["x","y"]');
SELECT json_set('{"a":1,"b":{"c":2}}', '$.b.c', 'x', '$.d', json('[1]'), '$.e[0]', 5, '$.f.g', 1.0, '$.a', NULL);
SELECT json_insert('[1,2]', '$[2]', 3, '$[#]', 4, '$[9]', 9), json_replace('{"a":1}', '$.a', 2, '$.b', 3);
SELECT json_remove('{"a":1,"b":[1,2,3]}', '$.b[#-1]', '$.b[0]', '$.z'), json_remove('{"a":1}', '$');
SELECT json_patch('{"a":1,"b":{"x":1,"y":2}}', '{"b":{"x":null,"z":3},"a":null,"n":{"q":null,"r":1}}');
SELECT json_patch('[1]', '{"a":1}'), json_patch('{"a":1}', '[1]'), json_patch(NULL, '{}'), json_set(NULL, '$.a', 1);
SELECT json_set('{"a" : 1.50 , "b":1e3}', '$.c', 3.0), json_set('5', '$', 6), json_set('{"a":1}', '$.a.b', 1);
SELECT json_set('[1,2]', '$[#-1]', 9), json_set('{"a":1,"a":2}', '$.a', 3), json_insert('{"a":1}', '$.new key', 1);
SELECT json_quote('a"b'), json_quote(1), json_quote(1.5), json_quote(NULL), json_quote(json('[1]'));
SELECT json_extract('{"a":1,"b":[2]}', '$.a', '$.b', '$.c');
UPDATE people SET doc = json_remove(doc, '$.a') WHERE json_type(doc) = 'object';
SELECT json_extract('{"a":"1"}', '$.a');
-- not translated
SELECT * FROM json_each('[1]');
SELECT key FROM json_tree('{"a":[1]}', '$.a');
SELECT max(value) FROM json_each('[1,2]');

-- row 59: epochs
SELECT id, stamp, stamp + 1, typeof(stamp) FROM people ORDER BY id;
SELECT id FROM people WHERE stamp > 86399 ORDER BY id;
SELECT max(stamp) - min(stamp) FROM people;
SELECT stamp / 86400, stamp % 60 FROM people ORDER BY id;
