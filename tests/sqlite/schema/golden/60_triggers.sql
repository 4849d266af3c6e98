-- Triggers: from lib, policy declared

-- trigger note_book (translated): recursion guard
-- in SQLite: CREATE TRIGGER note_book AFTER INSERT ON book BEGIN INSERT INTO note (book) VALUES (new.isbn); END
CREATE FUNCTION "lib"."note_book"() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $pgraduate$
#variable_conflict use_column
BEGIN
    PERFORM set_config('pgraduate.guard_f91cdb2f311055f8', 'on', true);
    INSERT INTO "lib"."note" ("book") VALUES ("new"."isbn");
    PERFORM set_config('pgraduate.guard_f91cdb2f311055f8', '', true);
    RETURN NULL;
END
$pgraduate$;
CREATE TRIGGER "note_book"
AFTER INSERT ON "lib"."book"
FOR EACH ROW
WHEN (pg_catalog.current_setting('pgraduate.guard_f91cdb2f311055f8', true) IS DISTINCT FROM 'on')
EXECUTE FUNCTION "lib"."note_book"();
