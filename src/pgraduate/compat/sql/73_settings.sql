-- How the database is kept: what a pragma asks of SQLite's file and connection, asked of the server and this session.

CREATE OR REPLACE FUNCTION pgraduate_compat.kept_number(schema text, name text) RETURNS integer
LANGUAGE sql STABLE STRICT PARALLEL SAFE
-- A number that the application keeps with its database.  It stands in the schema's comment, where a dump keeps it and a
-- transaction takes it back; 0 where none was set.
AS $$
SELECT coalesce((
    SELECT pg_catalog.substring(pg_catalog.obj_description(n.oid, 'pg_namespace'), $2 || ' (-?\d+)(?:,|$)')::integer
    FROM pg_catalog.pg_namespace AS n
    WHERE n.nspname = schema), 0)
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.user_version(schema text) RETURNS integer
LANGUAGE sql STABLE STRICT PARALLEL SAFE
AS $$
SELECT pgraduate_compat.kept_number(schema, 'user_version')
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.application_id(schema text) RETURNS integer
LANGUAGE sql STABLE STRICT PARALLEL SAFE
AS $$
SELECT pgraduate_compat.kept_number(schema, 'application_id')
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.keep_number(schema text, name text, value integer) RETURNS boolean
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
-- Keep one of the two numbers, and the other one as it is.
AS $$
DECLARE
    version integer := pgraduate_compat.user_version(schema);
    application integer := pgraduate_compat.application_id(schema);
BEGIN
    IF name = 'user_version' THEN
        version := value;
    ELSE
        application := value;
    END IF;
    EXECUTE pg_catalog.format('COMMENT ON SCHEMA %I IS %L', schema, 'SQLite user_version ' || version
        || CASE WHEN application <> 0 THEN ', application_id ' || application ELSE '' END);
    RETURN true;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.busy_timeout() RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE
-- How many milliseconds a statement waits for a lock.  PostgreSQL's 0 is a wait without an end, SQLite's largest number.
AS $$
SELECT coalesce(nullif(s.setting::integer, 0), 2147483647) FROM pg_catalog.pg_settings AS s WHERE s.name = 'lock_timeout'
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.wait_for_locks(milliseconds integer) RETURNS integer
LANGUAGE sql VOLATILE STRICT PARALLEL UNSAFE
AS $$
SELECT CASE WHEN pg_catalog.set_config('lock_timeout', milliseconds::text, false) IS NOT NULL THEN milliseconds END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.synchronous() RETURNS integer
LANGUAGE sql STABLE PARALLEL SAFE
-- What a loss of power may take, in SQLite's numbers: 0 (OFF) the database, 1 (NORMAL) the last transactions, 2 (FULL) nothing
-- that was committed.
AS $$
SELECT CASE
    WHEN pg_catalog.current_setting('fsync') = 'off' THEN 0
    WHEN pg_catalog.current_setting('synchronous_commit') = 'off' THEN 1
    ELSE 2
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.page_count(schema text) RETURNS bigint
LANGUAGE sql STABLE STRICT PARALLEL SAFE
-- The size of the schema's tables and their indexes in the server's own pages.
AS $$
SELECT coalesce(pg_catalog.sum(pg_catalog.pg_total_relation_size(c.oid)), 0)::bigint
    / pg_catalog.current_setting('block_size')::bigint
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = schema AND c.relkind IN ('r', 'm')
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.foreign_key_check(schema text)
RETURNS TABLE ("table" text, rowid integer, parent text, fkid integer)
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
-- PostgreSQL has validated every foreign key that is not marked otherwise, so there is no row without a parent to list.
AS $$
DECLARE
    doubtful text;
BEGIN
    SELECT c.conname INTO doubtful
    FROM pg_catalog.pg_constraint AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.connamespace
    WHERE n.nspname = schema AND c.contype = 'f' AND NOT c.convalidated;
    IF doubtful IS NOT NULL THEN
        RAISE EXCEPTION 'the foreign key % is NOT VALID', doubtful
            USING ERRCODE = 'feature_not_supported', HINT = 'ALTER TABLE … VALIDATE CONSTRAINT checks its rows';
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.integrity_check(schema text, with_indexes boolean)
RETURNS TABLE (fault text)
LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
-- Read every row of the schema's tables whole, and look for indexes that are not valid and checks that were never run over
-- all rows.  `with_indexes` compares each index with its order, too, where amcheck is installed and open to this role.
AS $$
DECLARE
    one record;
    amcheck regprocedure;
    is_sound boolean := true;
BEGIN
    SELECT p.oid INTO amcheck
    FROM pg_catalog.pg_extension AS e
    JOIN pg_catalog.pg_depend AS d ON d.refobjid = e.oid AND d.deptype = 'e'
    JOIN pg_catalog.pg_proc AS p ON p.oid = d.objid
    WHERE with_indexes AND e.extname = 'amcheck' AND p.proname = 'bt_index_check' AND p.pronargs = 1
        AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE');
    FOR one IN
        SELECT c.oid, c.relname, c.relkind, i.indisvalid, a.amname
        FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
        LEFT JOIN pg_catalog.pg_am AS a ON a.oid = c.relam
        WHERE n.nspname = schema AND c.relkind IN ('r', 'm', 'i')
        ORDER BY c.relname
    LOOP
        fault := NULL;
        BEGIN
            IF one.relkind <> 'i' THEN
                EXECUTE pg_catalog.format('SELECT pg_catalog.count(ROW(r.*)::text) FROM %s AS r', one.oid::regclass);
            ELSIF NOT one.indisvalid THEN
                fault := pg_catalog.format('index %s is not valid', one.relname);
            ELSIF amcheck IS NOT NULL AND one.amname = 'btree' THEN
                EXECUTE pg_catalog.format('SELECT %s(%L::regclass)', amcheck::regproc, one.oid::regclass);
            END IF;
        EXCEPTION WHEN data_corrupted OR index_corrupted OR io_error THEN
            fault := pg_catalog.format('%s: %s', one.relname, SQLERRM);
        END;
        IF fault IS NOT NULL THEN
            is_sound := false;
            RETURN NEXT;
        END IF;
    END LOOP;
    FOR one IN
        SELECT k.conname, k.conrelid::regclass AS relation
        FROM pg_catalog.pg_constraint AS k JOIN pg_catalog.pg_namespace AS n ON n.oid = k.connamespace
        WHERE n.nspname = schema AND k.contype = 'c' AND NOT k.convalidated
        ORDER BY k.conname
    LOOP
        is_sound := false;
        fault := pg_catalog.format('the rows of %s were never held against the CHECK constraint %s', one.relation, one.conname);
        RETURN NEXT;
    END LOOP;
    IF is_sound THEN
        fault := 'ok';
        RETURN NEXT;
    END IF;
END
$$;
