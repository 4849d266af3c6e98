-- Foreign keys: from lib, policy declared

-- foreign key book(author) (carried): every row has its parent
ALTER TABLE "lib"."book" ADD CONSTRAINT "book_author_fkey" FOREIGN KEY ("author") REFERENCES "lib"."author" ("id") ON UPDATE SET NULL ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID;
ALTER TABLE "lib"."book" VALIDATE CONSTRAINT "book_author_fkey";

-- foreign key loan(book) (carried): every row has its parent
ALTER TABLE "lib"."loan" ADD CONSTRAINT "loan_book_fkey" FOREIGN KEY ("book") REFERENCES "lib"."book" ("isbn") NOT VALID;
ALTER TABLE "lib"."loan" VALIDATE CONSTRAINT "loan_book_fkey";

-- NOT CARRIED: foreign key loan(reader): its parent reader is not among the tables that are carried
--     FOREIGN KEY (reader) REFERENCES reader

-- NOT CARRIED: foreign key note(book): 1 row without a parent
--     FOREIGN KEY (book) REFERENCES book (isbn)
