-- row dates: dates and times in reports
SELECT strftime('%Y-%m', seen) AS month, count(*) AS n FROM people WHERE seen IS NOT NULL GROUP BY month ORDER BY month;
SELECT date('2024-01-31', '+1 month'), date('2024-03-31', '-1 month'), date('2024-02-29', '+1 year');
SELECT datetime('2024-05-17 10:20:30', 'start of month', '+1 month', '-1 day'), date('2024-05-17', 'weekday 0');
SELECT strftime('%d/%m/%Y %H:%M', seen), strftime('%s', seen), strftime('%j', seen) FROM people WHERE id = 1;
SELECT id, julianday(seen) - julianday('2024-01-01') AS days FROM people WHERE seen IS NOT NULL ORDER BY id;
SELECT id, CAST((julianday('2024-06-01') - julianday(born)) / 365.25 AS INTEGER) AS years FROM people ORDER BY id;
SELECT datetime(stamp, 'unixepoch'), date(stamp, 'unixepoch', '+1 day') FROM people ORDER BY id;
SELECT unixepoch('2024-01-01'), strftime('%s', '2024-01-01') + 0, datetime(1700000000, 'unixepoch');
SELECT time('12:30', '+45 minutes'), time('2024-01-01 23:59:59', '+1 second');
SELECT date('not a date'), datetime(NULL), strftime('%Y', 'x') IS NULL;
SELECT strftime('%W', '2024-12-30'), strftime('%u', '2024-12-29'), strftime('%f', '2024-01-01 00:00:01.5');
SELECT id FROM people WHERE date(seen) = '2024-01-31' ORDER BY id;
SELECT id FROM people WHERE strftime('%m', born) IN ('05', '12') ORDER BY id;
SELECT count(*) FROM people WHERE born < date('2000-01-01', '+10 years');
SELECT substr(born, 1, 4) AS year, count(*) FROM people GROUP BY year ORDER BY year;
SELECT max(born), min(seen) FROM people;

-- row timediff: the time between two moments
SELECT timediff('2024-01-31','2024-03-01 10:20:30.5'), timediff('2024-03-01', '2024-02-29'), timediff('2023-02-28', '2024-02-29');
SELECT timediff('2000-01-01', '1999-12-31 23:59:59.999'), timediff('2024-05-17', '2024-05-17'), timediff(NULL, '2024-01-01');
SELECT id, timediff(seen, '2024-01-01'), timediff(born, seen) FROM people ORDER BY id;
SELECT datetime('2024-01-01', timediff('2024-05-17 10:00', '2024-01-01'));
SELECT timediff('2024-03-30','2024-02-29'), timediff('2024-02-29','2024-03-30'), timediff(2460000.5, '2023-02-25');
SELECT timediff('now', '2000-01-01') > '+0024', typeof(timediff('now', 'now'));
