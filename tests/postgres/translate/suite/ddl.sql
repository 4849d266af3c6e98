-- row ddl: tables and indexes that an application makes
CREATE TABLE IF NOT EXISTS session (token TEXT PRIMARY KEY, person_id INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE, created TIMESTAMP DEFAULT CURRENT_TIMESTAMP, expires REAL, data BLOB);
CREATE TABLE entry (id INTEGER PRIMARY KEY AUTOINCREMENT, title VARCHAR(80) NOT NULL COLLATE NOCASE UNIQUE, body TEXT DEFAULT '', rating INT CHECK (rating BETWEEN 1 AND 5), slug TEXT GENERATED ALWAYS AS (lower(title)) VIRTUAL, UNIQUE (body, rating));
CREATE TABLE IF NOT EXISTS kv (key TEXT PRIMARY KEY);
CREATE TABLE copied AS SELECT id, name, active FROM people WHERE age > 18;
CREATE TEMP TABLE working (n INTEGER, word TEXT);
CREATE UNIQUE INDEX IF NOT EXISTS people_name_age ON people(name COLLATE NOCASE, age DESC) WHERE active;
CREATE INDEX orders_lower ON orders(lower(item), quantity);
ALTER TABLE people ADD COLUMN nickname TEXT NOT NULL DEFAULT 'none';
ALTER TABLE logs RENAME COLUMN what TO event;
ALTER TABLE totals RENAME TO sums;
ALTER TABLE people DROP COLUMN note;
DROP TABLE IF EXISTS nothing_of_the_kind;
DROP INDEX orders_person;
DROP VIEW IF EXISTS sold;

-- row upkeep: upkeep of one table
REINDEX people;
