-- Identities, primary keys, unique constraints, checks and defaults: behind the rows: from lib, policy declared

-- identity Author.id (translated): AUTOINCREMENT: goes on at 41
ALTER TABLE "lib"."author" ALTER COLUMN "id" RESTART WITH 41;

-- identity search.rowid (translated): the rowid: goes on at 1
ALTER TABLE "lib"."search" ALTER COLUMN "rowid" RESTART WITH 1;

-- primary key Author (carried): the rowid
ALTER TABLE "lib"."author" ADD CONSTRAINT "author_pkey" PRIMARY KEY ("id");

-- primary key book (carried): no NULL in any key
ALTER TABLE "lib"."book" ADD CONSTRAINT "book_pkey" PRIMARY KEY ("isbn");

-- primary key loan (carried): no NULL in any key
ALTER TABLE "lib"."loan" ADD CONSTRAINT "loan_pkey" PRIMARY KEY ("book", "since");

-- primary key tag (translated): holds NULLs: UNIQUE
ALTER TABLE "lib"."tag" ADD CONSTRAINT "tag_name_key" UNIQUE ("name");

-- primary key search (carried): the rowid
ALTER TABLE "lib"."search" ADD CONSTRAINT "search_pkey" PRIMARY KEY ("rowid");

-- unique Author(name) (translated): a unique index: compares by the collation of its columns
CREATE UNIQUE INDEX "author_name_key" ON "lib"."author" ("pgraduate_compat".nocase("name") ASC NULLS FIRST);

-- unique tag(kind, name) (carried): as declared
ALTER TABLE "lib"."tag" ADD CONSTRAINT "tag_kind_name_key" UNIQUE ("kind", "name");

-- check Author.check 1 (translated): NULL passes, as in SQLite
-- in SQLite: length(name) > 0
ALTER TABLE "lib"."author" ADD CONSTRAINT "author_name_check" CHECK (length("name") > 0);

-- default Author.active (translated): written for the column's type
-- in SQLite: 1
ALTER TABLE "lib"."author" ALTER COLUMN "active" SET DEFAULT TRUE;

-- default book.added (translated): written for the column's type
-- in SQLite: CURRENT_TIMESTAMP
ALTER TABLE "lib"."book" ALTER COLUMN "added" SET DEFAULT CAST("pgraduate_compat".datetime('now') AS TIMESTAMP);

-- default book.rating (translated): written for the column's type
-- in SQLite: 0.5
ALTER TABLE "lib"."book" ALTER COLUMN "rating" SET DEFAULT CAST(0.5 AS DOUBLE PRECISION);

-- default note.text (carried): as declared
ALTER TABLE "lib"."note" ALTER COLUMN "text" SET DEFAULT 'none';
