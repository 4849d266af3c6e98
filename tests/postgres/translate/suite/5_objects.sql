-- row 30: foreign keys
INSERT INTO orders(person_id, item) VALUES (99, 'x');
DELETE FROM people WHERE id = 1;
UPDATE people SET id = 77 WHERE id = 1;
UPDATE orders SET person_id = NULL WHERE id = 1;

-- row 31: NOT NULL and CHECK
INSERT INTO totals VALUES ('x', NULL);
INSERT INTO tags VALUES ('x', 1, -1);
INSERT INTO tags VALUES ('x', 1, NULL);
INSERT INTO kv(key) VALUES (NULL);
INSERT INTO people(id, active) VALUES (8, NULL);
UPDATE tags SET weight = weight - 1;
-- under declared: not translated
INSERT INTO people(id, price) VALUES (8, 1.005);

-- row 32: names that need quotes
SELECT "Group", "select", [two words], UserName FROM "Order" ORDER BY "select";
SELECT username, USERNAME FROM "order" WHERE "GROUP" = 'x' ORDER BY "select";
INSERT INTO "Order"("Group", "select") VALUES ('z', 9);
UPDATE "Order" SET [two words] = 'w' WHERE "select" = 1;
SELECT o."Group" AS "Two  Words", count(*) AS "select" FROM "Order" o GROUP BY o."Group" ORDER BY 1;
SELECT 1 AS "Ä", 2 AS [ ], 3 AS `q``q`;

-- row 42: the catalog and PRAGMA
PRAGMA user_version;
PRAGMA user_version = 12;
PRAGMA user_version(3);
PRAGMA foreign_keys;
PRAGMA foreign_keys = ON;
-- not translated
PRAGMA foreign_keys = OFF;
PRAGMA table_info(people);
PRAGMA main.table_info('tree');
PRAGMA table_info(no_such_table);
PRAGMA table_xinfo(orders);
PRAGMA index_list(people);
PRAGMA index_list(kv);
PRAGMA index_list(account);
PRAGMA index_info(orders_person);
PRAGMA index_info(sqlite_autoindex_tags_1);
PRAGMA foreign_key_list(orders);
-- not translated
PRAGMA journal_mode = WAL;
PRAGMA synchronous;
PRAGMA integrity_check;
SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('people', 'tree', 'none') ORDER BY name;
SELECT name, tbl_name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'orders';
SELECT count(*) FROM sqlite_schema WHERE name = 'kv';
SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name;
SELECT sql FROM sqlite_master WHERE name = 'people';
-- not translated
SELECT * FROM sqlite_master;
SELECT seq FROM sqlite_sequence WHERE name = 'orders';
SELECT name FROM pragma_table_info('people');
SELECT m.name, c.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c WHERE m.name IN ('kv', 'logs') ORDER BY 1, 2;
SELECT ncol FROM pragma_table_list WHERE name = 'tags';
SELECT sqlite_version() IS NOT NULL;

-- row 43: other databases
-- not translated
ATTACH DATABASE 'other.db' AS other;
SELECT * FROM other.people;
SELECT count(*) FROM main.people;
SELECT count(*) FROM temp.people;
-- not translated
VACUUM INTO 'copy.db';

-- row 44: functions of the application
SELECT my_function(1);
SELECT id FROM people WHERE geo_distance(age, score) < 5;

-- row 45: full-text search
SELECT id FROM people WHERE name MATCH 'anna';
SELECT snippet(people) FROM people;

-- row 46: triggers and views
CREATE TRIGGER t1 AFTER INSERT ON tree BEGIN UPDATE tree SET label = upper(new.label) WHERE id = new.id; END;
CREATE TRIGGER t2 BEFORE DELETE ON tree WHEN old.parent IS NULL BEGIN SELECT RAISE(ABORT, 'the root stays'); END;
CREATE TRIGGER t3 AFTER UPDATE OF quantity ON orders BEGIN INSERT INTO logs(what, at) VALUES ('q', '2024'); END;
CREATE TRIGGER t4 INSTEAD OF INSERT ON adults BEGIN INSERT INTO people(id, name, age) VALUES (new.id, new.name, new.age); END;
-- not translated
CREATE TEMP TRIGGER t5 AFTER INSERT ON tree BEGIN SELECT 1; END;
CREATE VIEW grown AS SELECT id, name FROM people WHERE age > 40;
CREATE VIEW named(a, b) AS SELECT id, count(*) FROM people GROUP BY id;
CREATE TEMP VIEW grown AS SELECT 1;
DELETE FROM orders WHERE id IN (1, 2);

-- row 47: DDL and maintenance
CREATE TABLE new (a, b);
CREATE INDEX i ON people(name);
ALTER TABLE people ADD COLUMN extra;
-- different: PostgreSQL refuses as long as a view or a foreign key needs the table
DROP TABLE people;
VACUUM;
ANALYZE;
REINDEX;
-- not translated
EXPLAIN QUERY PLAN SELECT 1;

-- row 27: transactions belong to the driver
BEGIN IMMEDIATE;
COMMIT;
SAVEPOINT s;
ROLLBACK TO s;
