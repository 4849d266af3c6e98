-- row json: JSON in columns
SELECT json_extract(doc, '$.a'), doc ->> '$.b[0]', doc -> 'b' FROM people WHERE id IN (1, 2) ORDER BY id;
SELECT id FROM people WHERE json_extract(doc, '$.a') = 1 OR doc ->> 't' = '1';
SELECT json_object('id', id, 'name', name, 'tags', json_array(1, 'x', NULL)) FROM people WHERE id < 3 ORDER BY id;
SELECT json_group_array(name) FROM (SELECT name FROM people WHERE age > 20 ORDER BY id);
SELECT json_type(doc), json_array_length(doc), json_valid(doc) FROM people WHERE doc IS NOT NULL ORDER BY id;

-- row json_elements: elements inside new JSON, and json_tree with a path
SELECT json_array(json_extract('{"a":[1]}','$.a'), json_extract('{"a":"x"}','$.a'), json_extract('{"a":{"b":1.50}}','$.a'), json_extract('{"a":true}','$.a'), json_extract('{}','$.a'));
SELECT json_object('k', value) FROM json_each('[[1],2,"x",null,{"a":1},true,1.0]');
SELECT json_group_array(value) FROM json_each('[[1],2,"x",null,{"a":1}]');
SELECT json_group_array(atom) FROM json_each('[[1],2,"x",null,{"a":1}]');
SELECT json_set('{}', '$.x', json_extract('{"a":[1,2]}', '$.a'), '$.y', json_extract('{"a":"1"}', '$.a'));
SELECT json_array(v) FROM loose ORDER BY id;
SELECT json_quote(json_extract('{"a":"1"}', '$.a'));
SELECT json_group_object(key, value) FROM json_each('{"a":[1],"b":"x"}');
SELECT json_array(doc -> '$.b', doc ->> '$.a') FROM people WHERE id < 3 ORDER BY id;
SELECT key, value, type, fullkey, path FROM json_tree('{"a":[1,{"b c":2}]}', '$.a');
SELECT fullkey, type FROM json_tree('{"a":{"b":[1,2]}}', '$.a.b');
SELECT count(*) FROM json_tree('{"a":[1]}', '$.nothing');
SELECT fullkey FROM json_tree('[[1,2],[3]]', '$[0]');
SELECT p.id, t.fullkey FROM people p, json_tree(p.doc, '$.b') t ORDER BY 1, 2;
