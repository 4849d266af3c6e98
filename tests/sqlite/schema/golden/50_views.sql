-- Views: from lib, policy declared

-- view dear (translated): reads the same
-- in SQLite: CREATE VIEW dear AS SELECT title, price FROM book WHERE price > 10
CREATE VIEW "lib"."dear" ("title", "price") AS
SELECT "book"."title", "book"."price" FROM "lib"."book" WHERE "book"."price" > 10;

-- view dearest (translated): reads the same
-- in SQLite: CREATE VIEW dearest AS SELECT title AS "Top Title" FROM dear
CREATE VIEW "lib"."dearest" ("top title") AS
SELECT "dear"."title" AS "Top Title" FROM "lib"."dear";

-- NOT CARRIED: view broken: a view that SQLite itself cannot read is not translated; no such function: no_such_function
--     CREATE VIEW broken AS SELECT no_such_function(title) FROM book

-- NOT CARRIED: view on_broken: it reads the view broken, which is not carried
--     CREATE VIEW on_broken AS SELECT * FROM broken
