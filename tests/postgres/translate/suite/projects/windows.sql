-- row windows2: windows of an application
SELECT id, project_id, row_number() OVER (PARTITION BY project_id ORDER BY priority, id) FROM task ORDER BY id;
SELECT id, rank() OVER w AS r, dense_rank() OVER w AS d FROM task WINDOW w AS (ORDER BY priority) ORDER BY id;
SELECT id, sum(minutes) OVER (PARTITION BY user_id ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running FROM (SELECT task_id AS id, * FROM time_entry) ORDER BY id, day;
SELECT id, avg(value) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM measure ORDER BY id;
SELECT id, sum(value) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) FROM measure ORDER BY id;
SELECT id, count(*) OVER (ORDER BY taken RANGE BETWEEN 3600 PRECEDING AND CURRENT ROW) FROM measure ORDER BY id;
SELECT id, group_concat(id, '.') OVER (ORDER BY kind GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM measure ORDER BY id;
SELECT id, sum(id) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW) FROM measure ORDER BY id;
SELECT id, sum(id) OVER (PARTITION BY kind ORDER BY value RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE GROUP) FROM measure ORDER BY id;
SELECT id, lag(value) OVER w, value - lag(value) OVER w AS delta FROM measure WINDOW w AS (PARTITION BY kind ORDER BY taken) ORDER BY id;
SELECT id, lead(title, 2, 'end') OVER (ORDER BY id) FROM task ORDER BY id;
SELECT id, first_value(title) OVER (PARTITION BY project_id ORDER BY estimate DESC) FROM task ORDER BY id;
SELECT id, nth_value(id, 2) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM task ORDER BY id;
SELECT * FROM (SELECT id, project_id, row_number() OVER (PARTITION BY project_id ORDER BY id DESC) AS rn FROM task) WHERE rn = 1 ORDER BY id;
SELECT state, count(*) AS n, sum(count(*)) OVER (ORDER BY state) AS running FROM task GROUP BY state ORDER BY state;
SELECT id, count(*) FILTER (WHERE state = 'done') OVER (PARTITION BY project_id) FROM task ORDER BY id;
SELECT id, sum(priority) OVER (win1 ORDER BY id) FROM task WINDOW win1 AS (PARTITION BY project_id) ORDER BY id;
SELECT id, ntile(2) OVER (ORDER BY estimate), percent_rank() OVER (ORDER BY estimate), cume_dist() OVER (ORDER BY estimate) FROM task ORDER BY id;
SELECT id, max(value) OVER (ORDER BY id ROWS 2 PRECEDING) FROM measure ORDER BY id;
SELECT id, total(value) OVER (), min(value) OVER (PARTITION BY kind) FROM measure ORDER BY id;
SELECT id, json_group_array(id) OVER (ORDER BY id) FROM measure ORDER BY id;
-- different: a window without ORDER BY takes the rows as they are read, and SQLite reads an index
SELECT id, row_number() OVER () FROM user ORDER BY id;
SELECT id FROM task ORDER BY row_number() OVER (ORDER BY title DESC);
SELECT id, last_value(value) OVER (PARTITION BY kind ORDER BY taken ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM measure ORDER BY id;
SELECT id, sum(value) OVER (ORDER BY taken DESC NULLS LAST, id) FROM measure ORDER BY id;
