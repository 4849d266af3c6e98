-- row compounds2: compounds, orders and pages of an application
SELECT name FROM user UNION SELECT slug FROM project ORDER BY 1 LIMIT 4;
SELECT id AS n FROM user INTERSECT SELECT id FROM project ORDER BY n;
SELECT id FROM task EXCEPT SELECT task_id FROM time_entry ORDER BY id DESC;
SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, 'w' ORDER BY b, a;
SELECT name AS x FROM user UNION ALL SELECT title FROM task ORDER BY x COLLATE NOCASE DESC LIMIT 3 OFFSET 1;
SELECT 1 UNION SELECT 2 UNION ALL SELECT 2 EXCEPT SELECT 1;
-- different: without ORDER BY SQLite takes the first rows of an index, PostgreSQL those of the table
SELECT * FROM (SELECT id FROM user LIMIT 2) UNION ALL SELECT * FROM (SELECT id FROM project ORDER BY id DESC LIMIT 1);
SELECT 1, 'a' UNION SELECT 1.0, 'a' UNION SELECT '1', 'a' ORDER BY 1;
SELECT id FROM task ORDER BY priority, id;
SELECT id FROM task ORDER BY priority DESC NULLS FIRST, id;
SELECT id FROM task ORDER BY priority ASC NULLS LAST, id LIMIT 3;
SELECT id FROM task ORDER BY state = 'open' DESC, due IS NULL, due;
SELECT id FROM task ORDER BY CASE state WHEN 'doing' THEN 0 WHEN 'open' THEN 1 ELSE 2 END, id;
SELECT id, title AS name FROM task ORDER BY name LIMIT 2;
SELECT id, -id AS id FROM task ORDER BY id;
SELECT id FROM task ORDER BY lower(title), 1;
SELECT title FROM task ORDER BY id LIMIT 2 OFFSET 3;
SELECT title FROM task ORDER BY id LIMIT 3, 2;
SELECT title FROM task ORDER BY id LIMIT -1 OFFSET 5;
SELECT title FROM task ORDER BY id LIMIT (SELECT 2);
-- values: [2, 1]
SELECT title FROM task ORDER BY id LIMIT ? OFFSET ?;
SELECT id FROM user ORDER BY 'name', id;
SELECT DISTINCT state FROM task ORDER BY id;
SELECT id FROM task ORDER BY length(title) DESC, title LIMIT 1;
SELECT state, max(id) FROM task GROUP BY state ORDER BY max(id) LIMIT 1;
SELECT count(*) FROM (SELECT 1 UNION ALL SELECT 1);
SELECT count(*) AS n FROM task ORDER BY n;
SELECT *, max(id) FROM project;
SELECT *, count(*) FROM project WHERE id = 1;
