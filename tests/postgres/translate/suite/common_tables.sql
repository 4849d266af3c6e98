-- row common_tables: common tables, recursive ones too
WITH RECURSIVE up(id, parent, depth) AS (SELECT id, parent, 0 FROM tree WHERE id = 4 UNION ALL SELECT t.id, t.parent, depth + 1 FROM tree t JOIN up ON t.id = up.parent) SELECT id, depth FROM up ORDER BY depth;
WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 10) SELECT sum(x), max(x) FROM n;
WITH RECURSIVE days(d) AS (SELECT date('2024-02-27') UNION ALL SELECT date(d, '+1 day') FROM days WHERE d < '2024-03-02') SELECT d, strftime('%w', d) FROM days;
WITH t AS (SELECT person_id, sum(quantity) AS q FROM orders GROUP BY person_id) SELECT p.name, t.q FROM people p JOIN t ON t.person_id = p.id ORDER BY t.q DESC LIMIT 2;

-- row recursive_order: ORDER BY in a recursive table
WITH RECURSIVE up(id, n) AS (SELECT id, 0 FROM tree WHERE parent IS NULL UNION ALL SELECT t.id, up.n + 1 FROM tree t JOIN up ON t.parent = up.id ORDER BY 2 DESC) SELECT count(*), max(n) FROM up;
WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT x + 1 FROM c WHERE x < 5 ORDER BY 1 DESC) SELECT x FROM c ORDER BY x;
