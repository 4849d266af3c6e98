-- Cells that were given back to a row that stands there still, and hold something else now.
SELECT count(*)
FROM line AS l
WHERE NOT EXISTS (SELECT FROM matched AS m WHERE m.line = l.line)
  AND EXISTS (SELECT FROM place AS p WHERE p.row_key = l.row_key)
