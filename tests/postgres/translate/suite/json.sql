-- row json: JSON in columns
SELECT json_extract(doc, '$.a'), doc ->> '$.b[0]', doc -> 'b' FROM people WHERE id IN (1, 2) ORDER BY id;
SELECT id FROM people WHERE json_extract(doc, '$.a') = 1 OR doc ->> 't' = '1';
SELECT json_object('id', id, 'name', name, 'tags', json_array(1, 'x', NULL)) FROM people WHERE id < 3 ORDER BY id;
SELECT json_group_array(name) FROM (SELECT name FROM people WHERE age > 20 ORDER BY id);
SELECT json_type(doc), json_array_length(doc), json_valid(doc) FROM people WHERE doc IS NOT NULL ORDER BY id;
