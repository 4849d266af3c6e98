-- row ctes: common tables of an application
WITH RECURSIVE cnt(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM cnt WHERE x < 10) SELECT x FROM cnt;
WITH RECURSIVE cnt(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM cnt LIMIT 5) SELECT x, x * x FROM cnt;
-- not translated
WITH RECURSIVE under(name, level) AS (VALUES('Ada', 0) UNION ALL SELECT user.name, under.level + 1 FROM user JOIN under ON user.manager = (SELECT id FROM user u WHERE u.name = under.name) ORDER BY 2 DESC) SELECT substr('..........', 1, level * 3) || name FROM under;
WITH RECURSIVE chain(id, name, path) AS (SELECT id, name, name FROM user WHERE manager IS NULL UNION ALL SELECT u.id, u.name, c.path || '/' || u.name FROM user u JOIN chain c ON u.manager = c.id) SELECT path FROM chain ORDER BY path;
WITH RECURSIVE days(d) AS (SELECT date('2024-02-27') UNION ALL SELECT date(d, '+1 day') FROM days WHERE d < '2024-03-02') SELECT d, (SELECT count(*) FROM time_entry e WHERE e.day = d) FROM days;
WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS y FROM a) SELECT * FROM a, b;
WITH t(a, b) AS (VALUES (1, 'x'), (2, 'y'), (3, NULL)) SELECT a, coalesce(b, 'none') FROM t WHERE a > 1;
WITH done AS (SELECT * FROM task WHERE state = 'done') SELECT p.slug, count(d.id) FROM project p LEFT JOIN done d ON d.project_id = p.id GROUP BY p.slug ORDER BY p.slug;
WITH m AS MATERIALIZED (SELECT kind, avg(value) AS v FROM measure GROUP BY kind) SELECT * FROM m ORDER BY kind;
WITH m AS NOT MATERIALIZED (SELECT kind FROM measure) SELECT count(*) FROM m;
WITH RECURSIVE fib(n, a, b) AS (SELECT 1, 0, 1 UNION ALL SELECT n + 1, b, a + b FROM fib WHERE n < 20) SELECT n, a FROM fib WHERE n % 5 = 0;
WITH RECURSIVE up(id, manager) AS (SELECT id, manager FROM user WHERE id = 5 UNION SELECT u.id, u.manager FROM user u, up WHERE u.id = up.manager) SELECT id FROM up ORDER BY id;
WITH RECURSIVE split(word, rest) AS (SELECT '', 'a,b,c' || ',' UNION ALL SELECT substr(rest, 0, instr(rest, ',')), substr(rest, instr(rest, ',') + 1) FROM split WHERE rest <> '') SELECT word FROM split WHERE word <> '';
WITH x AS (SELECT id FROM task WHERE state = 'open') DELETE FROM task WHERE id IN (SELECT id FROM x);
WITH best AS (SELECT project_id, max(estimate) AS e FROM task GROUP BY project_id) UPDATE task SET priority = 1 WHERE EXISTS (SELECT 1 FROM best WHERE best.project_id = task.project_id AND best.e = task.estimate);
-- different: a row that conflicts has used up a number, and the next row's rowid comes after it
WITH new(k, v) AS (VALUES ('theme', 'light'), ('lang', 'de')) INSERT INTO setting(key, value) SELECT k, v FROM new WHERE true ON CONFLICT(key) DO UPDATE SET value = excluded.value;
-- different: group_concat follows the order in which SQLite makes the groups of a source without ORDER BY
WITH RECURSIVE xaxis(x) AS (VALUES(-2.0) UNION ALL SELECT x+0.5 FROM xaxis WHERE x<1.2), yaxis(y) AS (VALUES(-1.0) UNION ALL SELECT y+0.5 FROM yaxis WHERE y<1.0), m(iter, cx, cy, x, y) AS (SELECT 0, x, y, 0.0, 0.0 FROM xaxis, yaxis UNION ALL SELECT iter+1, cx, cy, x*x-y*y + cx, 2.0*x*y + cy FROM m WHERE (x*x + y*y) < 4.0 AND iter<28), m2(iter, cx, cy) AS (SELECT max(iter), cx, cy FROM m GROUP BY cx, cy), a(t) AS (SELECT group_concat( substr(' .+*#', 1+min(iter/7,4), 1), '') FROM m2 GROUP BY cy) SELECT group_concat(rtrim(t),x'0a') FROM a;
