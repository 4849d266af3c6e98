-- row rowvalues: row values, VALUES and IN
SELECT (1, 2, 3) = (1, 2, 3), (1, 2) < (1, 3), (1, NULL) = (2, NULL), (1, 2) IS (1, 2);
SELECT id FROM task WHERE (project_id, priority) > (1, 2) ORDER BY id;
SELECT id FROM task WHERE (project_id, state) = (SELECT project_id, state FROM task WHERE id = 2);
SELECT id FROM task WHERE (priority, id) BETWEEN (1, 2) AND (2, 5) ORDER BY id;
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) ORDER BY column1 DESC;
SELECT column1 + 1, column2 FROM (VALUES (1, 'a'), (2, 'b')) AS v WHERE v.column2 = 'b';
VALUES (1, 2), (3, 4);
VALUES (1) UNION SELECT 2 ORDER BY 1;
SELECT 2 IN (1, 2, 3), 4 NOT IN (1, 2, NULL), 1 IN (), NULL IN (), 'a' IN ('A' COLLATE NOCASE);
SELECT id FROM task WHERE state IN ('open', 'done') AND id IN (SELECT task_id FROM time_entry) ORDER BY id;
CREATE TABLE picks AS SELECT id FROM task WHERE id < 4;
SELECT count(*) FROM user WHERE id IN open_task;
SELECT name FROM user WHERE name IN (SELECT key FROM setting UNION SELECT 'Ada');
SELECT EXISTS (SELECT 1 FROM task WHERE state = 'none'), NOT EXISTS (SELECT 1 FROM task), (SELECT 1 WHERE 0);
SELECT (SELECT name FROM user WHERE id = t.assignee) AS who, t.title FROM task t WHERE who IS NOT NULL ORDER BY t.id;
SELECT id FROM task t WHERE estimate > (SELECT avg(estimate) FROM task WHERE project_id = t.project_id) ORDER BY id;
SELECT id IN (1, 3) AS special, id FROM user ORDER BY special DESC, id;
