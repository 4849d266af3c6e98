-- Indexes: from lib, policy declared

-- index one_active (translated): its predicate is translated
-- in SQLite: CREATE UNIQUE INDEX one_active ON "Author" (born) WHERE active = 1
CREATE UNIQUE INDEX "one_active" ON "lib"."author" ("born" ASC NULLS FIRST) WHERE "active" = TRUE;

-- index book_by_price (carried): as declared
CREATE INDEX "book_by_price" ON "lib"."book" ("price" DESC NULLS LAST, "title" ASC NULLS FIRST);

-- index by_lower (translated): its expressions are translated
-- in SQLite: CREATE INDEX by_lower ON book (lower(title))
CREATE INDEX "by_lower" ON "lib"."book" ((lower("title")) ASC NULLS FIRST);

-- index tag_again (carried): as declared
CREATE INDEX "tag_again" ON "lib"."tag" ("kind" ASC NULLS FIRST, "name" ASC NULLS FIRST);

-- index note_text (carried): as declared
CREATE INDEX "note_text" ON "lib"."note" ("text" ASC NULLS FIRST);

-- index search search (translated): GIN over the words of its text, in place of the index of fts5; it keeps itself current
CREATE INDEX "search_search" ON "lib"."search" USING gin ("pgraduate_compat".search_vector(VARIADIC ARRAY["body"]));
