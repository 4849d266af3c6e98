-- row catalog2: the catalog as an ORM asks for it
SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name;
SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'task';
SELECT name, tbl_name, type FROM sqlite_schema WHERE tbl_name = 'task' ORDER BY name;
SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY 1;
SELECT sql FROM sqlite_master WHERE name = 'task';
SELECT name FROM sqlite_temp_master;
SELECT name, seq FROM sqlite_sequence;
PRAGMA table_info(task);
PRAGMA table_info('user');
PRAGMA table_xinfo(line);
PRAGMA main.table_info(project);
PRAGMA index_list(task);
PRAGMA index_list('user');
PRAGMA index_info(task_state);
PRAGMA index_xinfo(task_state);
PRAGMA foreign_key_list(task);
PRAGMA foreign_key_check;
PRAGMA foreign_keys;
PRAGMA foreign_keys = ON;
PRAGMA user_version;
PRAGMA user_version = 7;
PRAGMA application_id;
-- not translated
PRAGMA schema_version;
PRAGMA encoding;
-- not translated
PRAGMA journal_mode;
-- not translated
PRAGMA journal_mode = WAL;
PRAGMA synchronous;
PRAGMA synchronous = NORMAL;
-- different: the path is that of SQLite's file, and PostgreSQL has no file that an application could open
PRAGMA database_list;
PRAGMA table_list;
PRAGMA collation_list;
PRAGMA compile_options;
-- not translated
PRAGMA function_list;
-- not translated
PRAGMA pragma_list;
-- different: it is the size of the tables and indexes in the server's pages
PRAGMA page_count;
-- different: it is the size of the server's pages
PRAGMA page_size;
-- not translated
PRAGMA freelist_count;
-- not translated
PRAGMA cache_size;
PRAGMA cache_size = -2000;
PRAGMA temp_store = MEMORY;
PRAGMA busy_timeout = 5000;
PRAGMA busy_timeout;
PRAGMA integrity_check;
PRAGMA quick_check;
-- not translated
PRAGMA wal_checkpoint(TRUNCATE);
PRAGMA optimize;
PRAGMA auto_vacuum;
-- not translated
PRAGMA case_sensitive_like = ON;
PRAGMA recursive_triggers;
-- not translated
PRAGMA defer_foreign_keys = ON;
PRAGMA query_only;
PRAGMA locking_mode;
PRAGMA mmap_size;
-- not translated
PRAGMA data_version;
PRAGMA legacy_file_format;
PRAGMA no_such_pragma;
SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info('task') ORDER BY cid;
SELECT m.name, i.name FROM sqlite_master m JOIN pragma_table_info(m.name) i WHERE m.type = 'table' ORDER BY 1, 2;
SELECT * FROM pragma_index_list('task') ORDER BY seq;
SELECT name FROM pragma_index_info('task_state') ORDER BY seqno;
SELECT "table", "from", "to", on_delete FROM pragma_foreign_key_list('task') ORDER BY id;
SELECT count(*) FROM pragma_table_info('line');
SELECT name, hidden FROM pragma_table_xinfo('line') ORDER BY cid;
SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' ORDER BY name;
SELECT user_version FROM pragma_user_version;
-- different: the path is that of SQLite's file, and PostgreSQL has no file that an application could open
SELECT * FROM pragma_database_list;
SELECT page_count * page_size > 0 FROM pragma_page_count(), pragma_page_size();
SELECT name FROM pragma_collation_list ORDER BY name;
SELECT sqlite_version();
SELECT sqlite_source_id() IS NOT NULL;
SELECT last_insert_rowid();
SELECT changes(), total_changes();
SELECT sqlite_compileoption_used('THREADSAFE');
SELECT rowid, name FROM user ORDER BY rowid;
SELECT rowid, page FROM visit ORDER BY rowid;
SELECT key FROM setting ORDER BY rowid;
SELECT max(rowid) FROM setting;
SELECT _rowid_, oid, id FROM task ORDER BY 1;
BEGIN;
BEGIN IMMEDIATE;
COMMIT;
SAVEPOINT s1;
RELEASE s1;
PRAGMA page_size = 8192;
PRAGMA my_own_word = 5;
SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%';
DELETE FROM sqlite_sequence WHERE name = 'project';
UPDATE sqlite_sequence SET seq = 0 WHERE name = 'project';
