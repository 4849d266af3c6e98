-- The schema: from lib, policy declared
-- Some statements call functions of the schema pgraduate_compat: 05_compat.sql makes it.

-- Decision null_key:lib.tag(name): The primary key of tag holds NULLs, which PostgreSQL does not allow. Make it UNIQUE instead?
-- evidence: 1 row with a NULL in the key
-- answer: unique (safe option)

-- Decision fk_parent:lib.loan(reader): The foreign key of loan refers to reader, which is not carried. Go on without it?
-- evidence: reader is not among the tables that are carried
-- answer: drop (safe option)

-- Decision fk_orphans:lib.note(book): Rows of note have no parent in book by PostgreSQL's comparison. Go on without the foreign key?
-- evidence: 1 row without a parent
-- answer: drop (safe option)

-- schema lib (carried): one schema per source file
CREATE SCHEMA "lib";
