-- row upsert2: conflicts of an application
INSERT INTO setting VALUES ('theme', 'blue') ON CONFLICT DO NOTHING;
INSERT INTO setting(key, value) VALUES ('limit', 5) ON CONFLICT(key) DO UPDATE SET value = value || '/' || excluded.value;
INSERT INTO setting(key, value) VALUES ('theme', 'x') ON CONFLICT(key) DO UPDATE SET value = excluded.value WHERE value <> 'dark';
INSERT INTO time_entry VALUES (1, 1, '2023-01-10', 5) ON CONFLICT(task_id, user_id, day) DO UPDATE SET minutes = minutes + excluded.minutes;
INSERT INTO time_entry VALUES (1, 1, '2023-01-10', 5) ON CONFLICT(task_id, user_id, day) DO UPDATE SET minutes = time_entry.minutes + 1 RETURNING minutes, minutes * 2 AS twice;
INSERT INTO user(name, email) VALUES ('Ada 2', 'ADA@example.org') ON CONFLICT(email) DO UPDATE SET name = excluded.name, created = 'again';
INSERT INTO setting SELECT 'a' || id, title FROM task WHERE id < 3 ON CONFLICT(key) DO UPDATE SET value = 'dup';
INSERT INTO task(project_id, title) VALUES (1, 'BUILD IT') ON CONFLICT(project_id, lower(title)) DO UPDATE SET priority = ifnull(priority, 0) + 1;
-- different: PostgreSQL updates no row twice in one statement and fails
INSERT INTO setting(key, value) VALUES ('theme', '1'), ('theme', '2') ON CONFLICT(key) DO UPDATE SET value = setting.value || excluded.value;
INSERT INTO user(id, name, email) VALUES (1, 'Z', 'z@z') ON CONFLICT(id) DO NOTHING ON CONFLICT(email) DO UPDATE SET name = 'e';
INSERT INTO user(id, name, email) VALUES (50, 'Z', 'cleo@example.org') ON CONFLICT(id) DO NOTHING ON CONFLICT DO UPDATE SET name = 'e';
INSERT INTO setting(key) VALUES ('new') ON CONFLICT(key) DO UPDATE SET value = 'no' RETURNING *;
INSERT OR REPLACE INTO setting(key, value) VALUES ('theme', 'replaced');
REPLACE INTO setting VALUES ('theme', 'again'), ('fresh', NULL);
INSERT OR IGNORE INTO user(id, name) VALUES (1, 'dup'), (9, 'nine');
INSERT OR IGNORE INTO time_entry VALUES (1, 1, '2023-01-10', 7), (1, 1, '2030-01-01', -7), (1, 1, '2030-01-02', 8);
INSERT OR ABORT INTO setting VALUES ('abort', '1');
INSERT OR ROLLBACK INTO setting VALUES ('rb', '1');
INSERT OR FAIL INTO setting VALUES ('f1', '1');
INSERT OR REPLACE INTO project(id, slug, title) VALUES (3, 'beta', 'takes two');
UPDATE OR IGNORE user SET email = 'ada@example.org' WHERE id = 2;
UPDATE OR REPLACE user SET email = 'ada@example.org' WHERE id = 2;
UPDATE OR ABORT user SET name = upper(name);
-- values: ["theme", "p"]
INSERT INTO setting(key, value) VALUES (?1, ?2) ON CONFLICT(key) DO UPDATE SET value = ?2;
