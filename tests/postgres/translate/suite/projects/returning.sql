-- row returning2: RETURNING of an application
INSERT INTO project(slug, title) VALUES ('new', 'New') RETURNING id, slug, archived;
INSERT INTO user(name) VALUES ('a'), ('b') RETURNING id, upper(name) AS n;
UPDATE task SET priority = priority + 1 WHERE project_id = 1 RETURNING id, priority, title AS t;
DELETE FROM time_entry WHERE minutes = 0 RETURNING *;
DELETE FROM visit WHERE page = '/about' RETURNING page, ms;
INSERT INTO line(code, qty, unit) VALUES ('zz', 2, 2.5) RETURNING total, label;
UPDATE user SET settings = json_set(settings, '$.page', 50) WHERE id = 1 RETURNING json_extract(settings, '$.page');
UPDATE user SET name = name || '!' WHERE id = 2 RETURNING (SELECT count(*) FROM user), name;
INSERT INTO audit DEFAULT VALUES RETURNING id, what;
UPDATE measure SET value = value * 2 WHERE kind = 'h' RETURNING rowid, value;
