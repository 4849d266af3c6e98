-- row windows: windows
SELECT id, name, row_number() OVER (PARTITION BY active ORDER BY score DESC, id) AS rank FROM people ORDER BY active, rank;
SELECT id, sum(quantity) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS running FROM orders ORDER BY id;
SELECT id, lag(name, 1, 'none') OVER (ORDER BY id) AS previous, lead(age) OVER (ORDER BY id) FROM people ORDER BY id;
SELECT id, ntile(3) OVER (ORDER BY id), dense_rank() OVER (ORDER BY age), percent_rank() OVER (ORDER BY age), cume_dist() OVER (ORDER BY id) FROM people ORDER BY id;
SELECT id, first_value(name) OVER w, last_value(name) OVER w, nth_value(name, 2) OVER w FROM people WINDOW w AS (ORDER BY id) ORDER BY id;
SELECT id, count(*) OVER (), sum(age) OVER (PARTITION BY active) FROM people ORDER BY id;
SELECT id, avg(quantity) FILTER (WHERE paid) OVER (ORDER BY id) FROM orders ORDER BY id;
