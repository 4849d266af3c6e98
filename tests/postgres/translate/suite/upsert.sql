-- row upsert: INSERT in every form
INSERT INTO kv(key, value, hits) VALUES ('a', 'new', 5) ON CONFLICT(key) DO UPDATE SET value = excluded.value, hits = hits + excluded.hits WHERE excluded.hits > kv.hits;
INSERT INTO kv(key, value) VALUES ('z', 'v'), ('a', 'w') ON CONFLICT(key) DO UPDATE SET value = coalesce(kv.value, '') || excluded.value RETURNING key, value, hits;
INSERT INTO tags(name, person_id, weight) VALUES ('red', 1, 9) ON CONFLICT(name, person_id) DO UPDATE SET weight = weight + excluded.weight;
INSERT INTO tags(name, person_id, weight) SELECT 'new', id, age FROM people WHERE age > 0 ON CONFLICT DO NOTHING;
INSERT OR REPLACE INTO kv(key, value) SELECT key, value || '2' FROM kv WHERE value IS NOT NULL;
REPLACE INTO tags VALUES ('red', 1, 5), ('red', 3, 6);
INSERT OR IGNORE INTO tags(name, person_id, weight) VALUES ('red', 1, 5), ('new', 1, 5), ('bad', 1, -1), (NULL, 1, 1);
INSERT OR IGNORE INTO kv(key, value) SELECT item, 'from orders' FROM orders;
INSERT OR IGNORE INTO account(login, number) VALUES ('ann', 1), ('cat', 100), ('dan', 300);
INSERT INTO orders(person_id, item) SELECT id, 'gift' FROM people WHERE active AND age > 20 RETURNING item, quantity, paid;
INSERT INTO logs(what) VALUES ('x') RETURNING id, what, length(at);
INSERT INTO tree(parent, label) VALUES ((SELECT max(id) FROM tree), 'new') RETURNING *;
INSERT INTO tree DEFAULT VALUES;
