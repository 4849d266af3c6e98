-- row joins2: joins of an application
SELECT t.title, p.slug FROM task t NATURAL JOIN (SELECT id AS project_id, slug FROM project) p ORDER BY t.id;
SELECT * FROM (SELECT 1 AS a, 2 AS b) NATURAL JOIN (SELECT 1 AS a, 3 AS c);
SELECT * FROM (SELECT 1 AS a, 2 AS b) JOIN (SELECT 1 AS a, 3 AS c) USING (a);
SELECT e.*, t.title FROM time_entry e JOIN task t ON t.id = e.task_id ORDER BY e.day;
SELECT p.slug, t.title FROM task t RIGHT JOIN project p ON p.id = t.project_id AND t.state = 'open' ORDER BY p.slug, t.title;
SELECT u.name, t.title FROM user u FULL OUTER JOIN task t ON t.assignee = u.id ORDER BY u.name, t.title;
SELECT count(*) FROM user CROSS JOIN project;
SELECT count(*) FROM user, project, line WHERE user.id = project.id AND line.id = user.id;
SELECT a.id, b.id FROM task a JOIN task b ON a.project_id = b.project_id AND a.id < b.id ORDER BY 1, 2;
SELECT u.name, count(t.id) FROM user u LEFT JOIN task t ON t.assignee = u.id AND t.state != 'done' GROUP BY u.id ORDER BY 2 DESC, 1;
SELECT u.* FROM user u LEFT JOIN task t ON t.assignee = u.id WHERE t.id IS NULL;
SELECT user.id, task.id, * FROM user JOIN task ON task.assignee = user.id WHERE user.id = 1 ORDER BY task.id;
SELECT * FROM user u JOIN user m ON u.manager = m.id ORDER BY u.id;
SELECT id, title FROM task JOIN (SELECT id AS pid FROM project WHERE archived) ON pid = project_id ORDER BY id;
SELECT slug, n FROM project JOIN (SELECT project_id, count(*) AS n FROM task GROUP BY project_id) USING (project_id);
SELECT t1.a, t2.b FROM (SELECT 1 AS a UNION SELECT 2) t1 LEFT JOIN (SELECT 2 AS a, 'two' AS b) t2 USING (a) ORDER BY t1.a;
SELECT a, b, c FROM (SELECT 1 AS a, 2 AS b) FULL JOIN (SELECT 5 AS a, 3 AS c) USING (a) ORDER BY a;
SELECT * FROM task INDEXED BY task_state WHERE state = 'open' ORDER BY id;
SELECT id FROM task NOT INDEXED WHERE state = 'open' ORDER BY id;
-- not translated
SELECT p.id FROM project p, task t ON t.project_id = p.id WHERE t.id = 1;
SELECT (SELECT count(*) FROM task WHERE project_id = p.id) AS n, p.slug FROM project p WHERE n > 1 ORDER BY n DESC;
SELECT u.name FROM user u WHERE (SELECT count(*) FROM task t WHERE t.assignee = u.id) >= 2 ORDER BY 1;
SELECT x.id FROM (SELECT id FROM user UNION SELECT id FROM project) x LEFT JOIN task ON task.id = x.id WHERE task.id IS NULL ORDER BY 1;
SELECT p.slug, l.code FROM (project p JOIN line l ON l.id = p.id) ORDER BY 1;
SELECT main.user.name FROM main.user WHERE main.user.id = 1;
