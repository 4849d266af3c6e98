-- SQLite's catalog, read from PostgreSQL's at the moment of the question: names are PostgreSQL's, types are named as
-- SQLite would name them.  Definitions of objects are not given: their text is not SQLite's.

CREATE OR REPLACE FUNCTION pgraduate_compat.catalog_relation(schema text, name text) RETURNS oid
LANGUAGE sql STABLE STRICT PARALLEL SAFE
-- The relation that a name means, in any case of letters; exactly this one first.
AS $$
SELECT c.oid
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = schema AND pg_catalog.lower(c.relname) = pg_catalog.lower(name) AND c.relkind IN ('r', 'p', 'v', 'm', 'i')
ORDER BY c.relname = name DESC, c.relname
LIMIT 1
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.catalog_type(type oid, modifier integer) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
SELECT CASE type
    WHEN 'bigint'::regtype THEN 'INTEGER'
    WHEN 'integer'::regtype THEN 'INTEGER'
    WHEN 'smallint'::regtype THEN 'INTEGER'
    WHEN 'double precision'::regtype THEN 'REAL'
    WHEN 'bytea'::regtype THEN 'BLOB'
    WHEN 'timestamp'::regtype THEN 'TIMESTAMP'
    ELSE pg_catalog.upper(pg_catalog.replace(
        pg_catalog.format_type(type, modifier), 'character varying', 'varchar'))
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.catalog_indexes(schema text)
RETURNS TABLE (index oid, relation oid, name text, origin text, is_unique boolean, is_partial boolean)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
-- The indexes that SQLite would have too: all but the one of a rowid.  Those of constraints have its names for them.
AS $$
SELECT
    i.indexrelid,
    i.indrelid,
    CASE WHEN k.oid IS NULL THEN c.relname::text
        ELSE 'sqlite_autoindex_' || t.relname || '_'
            || pg_catalog.row_number() OVER (PARTITION BY i.indrelid, k.oid IS NULL ORDER BY k.contype <> 'p', k.oid)
    END,
    CASE k.contype WHEN 'p' THEN 'pk' WHEN 'u' THEN 'u' ELSE 'c' END,
    i.indisunique,
    i.indpred IS NOT NULL
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_class AS t ON t.oid = i.indrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = t.relnamespace
LEFT JOIN pg_catalog.pg_constraint AS k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u')
WHERE n.nspname = schema AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_attribute AS a
    WHERE i.indisprimary AND i.indnkeyatts = 1 AND a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        AND a.attidentity <> '')
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.catalog_objects(schema text)
RETURNS TABLE (object oid, type text, target text, name text, relation text)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
-- What sqlite_master lists, by PostgreSQL's names: `name` differs from `target` for the index of a constraint only.
AS $$
SELECT c.oid, CASE WHEN c.relkind IN ('r', 'p') THEN 'table' ELSE 'view' END, c.relname::text, c.relname::text, c.relname::text
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = schema AND c.relkind IN ('r', 'p', 'v', 'm')
UNION ALL
SELECT i.index, 'index', c.relname::text, i.name, t.relname::text
FROM pgraduate_compat.catalog_indexes(schema) AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.index
JOIN pg_catalog.pg_class AS t ON t.oid = i.relation
UNION ALL
SELECT g.oid, 'trigger', g.tgname::text, g.tgname::text, t.relname::text
FROM pg_catalog.pg_trigger AS g
JOIN pg_catalog.pg_class AS t ON t.oid = g.tgrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = t.relnamespace
WHERE n.nspname = schema AND NOT g.tgisinternal
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.sqlite_master(schema text)
RETURNS TABLE (type text, name text, tbl_name text)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
AS $$
SELECT o.type, o.name, o.relation FROM pgraduate_compat.catalog_objects(schema) AS o
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.sqlite_temp_master()
RETURNS TABLE (type text, name text, tbl_name text)
LANGUAGE sql STABLE PARALLEL RESTRICTED
-- What this session has made for itself.
AS $$
SELECT m.type, m.name, m.tbl_name
FROM pg_catalog.pg_namespace AS n CROSS JOIN LATERAL pgraduate_compat.sqlite_master(n.nspname::text) AS m
WHERE n.oid = pg_catalog.pg_my_temp_schema()
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.pragma_table_xinfo(schema text, name text)
RETURNS TABLE (cid integer, name text, type text, "notnull" integer, dflt_value text, pk integer, hidden integer)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
-- A column of the primary key is not NOT NULL by itself, as in SQLite.
AS $$
SELECT
    (pg_catalog.row_number() OVER (ORDER BY a.attnum))::integer - 1,
    a.attname::text,
    pgraduate_compat.catalog_type(a.atttypid, a.atttypmod),
    (a.attnotnull AND k.place IS NULL)::integer,
    CASE WHEN a.attgenerated = '' THEN
        CASE pg_catalog.pg_get_expr(d.adbin, d.adrelid)
            WHEN 'true' THEN '1'
            WHEN 'false' THEN '0'
            ELSE pg_catalog.regexp_replace(pg_catalog.pg_get_expr(d.adbin, d.adrelid), '^(''(?:[^'']|'''')*'')::[a-z ]+$', '\1')
        END
    END,
    coalesce(k.place, 0)::integer,
    CASE a.attgenerated WHEN '' THEN 0 WHEN 's' THEN 3 ELSE 2 END
FROM pg_catalog.pg_attribute AS a
LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN (
    SELECT c.conrelid, u.attnum, u.place
    FROM pg_catalog.pg_constraint AS c CROSS JOIN LATERAL pg_catalog.unnest(c.conkey) WITH ORDINALITY AS u (attnum, place)
    WHERE c.contype = 'p'
) AS k ON k.conrelid = a.attrelid AND k.attnum = a.attnum
WHERE a.attrelid = pgraduate_compat.catalog_relation(schema, $2) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.pragma_table_info(schema text, name text)
RETURNS TABLE (cid integer, name text, type text, "notnull" integer, dflt_value text, pk integer)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
-- Without the generated columns, which SQLite does not show here.
AS $$
SELECT x.cid, x.name, x.type, x."notnull", x.dflt_value, x.pk
FROM pgraduate_compat.pragma_table_xinfo(schema, $2) AS x
WHERE x.hidden = 0
ORDER BY x.cid
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.pragma_index_list(schema text, relation text)
RETURNS TABLE (seq integer, name text, "unique" integer, origin text, partial integer)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
-- The newest first.
AS $$
SELECT
    (pg_catalog.row_number() OVER (ORDER BY i.index DESC))::integer - 1,
    i.name, i.is_unique::integer, i.origin, i.is_partial::integer
FROM pgraduate_compat.catalog_indexes(schema) AS i
WHERE i.relation = pgraduate_compat.catalog_relation(schema, $2)
ORDER BY i.index DESC
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.pragma_index_info(schema text, index text)
RETURNS TABLE (seqno integer, cid integer, name text)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
-- cid is -2 and the name NULL for an expression.
AS $$
SELECT k.place::integer - 1, coalesce(x.cid, -2), x.name
FROM pgraduate_compat.catalog_indexes(schema) AS i
JOIN pg_catalog.pg_index AS p ON p.indexrelid = i.index
JOIN pg_catalog.pg_class AS t ON t.oid = i.relation
CROSS JOIN LATERAL pg_catalog.unnest(p.indkey) WITH ORDINALITY AS k (attnum, place)
LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.relation AND a.attnum = k.attnum AND k.attnum > 0
LEFT JOIN LATERAL pgraduate_compat.pragma_table_xinfo(schema, t.relname::text) AS x ON x.name = a.attname
WHERE pg_catalog.lower(i.name) = pg_catalog.lower($2) AND k.place <= p.indnkeyatts
ORDER BY k.place
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.pragma_index_xinfo(schema text, index text)
RETURNS TABLE (seqno integer, cid integer, name text, "desc" integer, coll text, "key" integer)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
-- An index of PostgreSQL's compares texts by their bytes; behind its terms stands the rowid, as in SQLite.
AS $$
SELECT x.seqno, x.cid, x.name, p.indoption[x.seqno] & 1, 'BINARY', 1
FROM pgraduate_compat.pragma_index_info(schema, $2) AS x
JOIN pgraduate_compat.catalog_indexes(schema) AS i ON pg_catalog.lower(i.name) = pg_catalog.lower($2)
JOIN pg_catalog.pg_index AS p ON p.indexrelid = i.index
UNION ALL
SELECT p.indnkeyatts, -1, NULL, 0, 'BINARY', 0
FROM pgraduate_compat.catalog_indexes(schema) AS i JOIN pg_catalog.pg_index AS p ON p.indexrelid = i.index
WHERE pg_catalog.lower(i.name) = pg_catalog.lower($2)
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.pragma_foreign_key_list(schema text, relation text)
RETURNS TABLE (
    id integer, seq integer, "table" text, "from" text, "to" text, on_update text, on_delete text, match text)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
-- The newest first.
AS $$
SELECT
    (pg_catalog.dense_rank() OVER (ORDER BY c.oid DESC))::integer - 1,
    k.place - 1,
    parent.relname::text,
    child_column.attname::text,
    parent_column.attname::text,
    pgraduate_compat.catalog_action(c.confupdtype),
    pgraduate_compat.catalog_action(c.confdeltype),
    'NONE'
FROM pg_catalog.pg_constraint AS c
JOIN pg_catalog.pg_class AS parent ON parent.oid = c.confrelid
CROSS JOIN LATERAL pg_catalog.generate_subscripts(c.conkey, 1) AS k (place)
JOIN pg_catalog.pg_attribute AS child_column ON child_column.attrelid = c.conrelid AND child_column.attnum = c.conkey[k.place]
JOIN pg_catalog.pg_attribute AS parent_column ON parent_column.attrelid = c.confrelid AND parent_column.attnum = c.confkey[k.place]
WHERE c.contype = 'f' AND c.conrelid = pgraduate_compat.catalog_relation(schema, $2)
ORDER BY c.oid DESC, k.place
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.catalog_action(code "char") RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE code
    WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT'
    ELSE 'NO ACTION'
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.pragma_table_list(schema text)
RETURNS TABLE (schema_name text, name text, type text, ncol integer)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
AS $$
SELECT 'main', m.name, m.type, (
    SELECT pg_catalog.count(*)::integer FROM pgraduate_compat.pragma_table_xinfo(schema, m.name))
FROM pgraduate_compat.sqlite_master(schema) AS m
WHERE m.type IN ('table', 'view')
UNION ALL
SELECT 'main', 'sqlite_schema', 'table', 5
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.connection_number(name text) RETURNS bigint
LANGUAGE sql STABLE STRICT PARALLEL SAFE
-- A number that SQLite keeps with the connection.  The driver sets it; without one the statement fails.
AS $$
SELECT pg_catalog.current_setting('pgraduate.' || name)::bigint
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.sqlite_master(schema text, names jsonb, has_sequences boolean)
RETURNS TABLE (type text, name text, tbl_name text)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
-- With the names of tables and views as SQLite has them, by PostgreSQL's, and the table that it keeps AUTOINCREMENT in.
AS $$
SELECT
    m.type,
    CASE WHEN m.type IN ('table', 'view') THEN coalesce(names ->> m.name, m.name)
        WHEN m.name LIKE 'sqlite\_autoindex\_%' THEN 'sqlite_autoindex_' || coalesce(names ->> m.tbl_name, m.tbl_name)
            || pg_catalog.substr(m.name, pg_catalog.length('sqlite_autoindex_' || m.tbl_name) + 1)
        ELSE m.name
    END,
    coalesce(names ->> m.tbl_name, m.tbl_name)
FROM pgraduate_compat.sqlite_master(schema) AS m
UNION ALL
SELECT 'table', 'sqlite_sequence', 'sqlite_sequence' WHERE has_sequences
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.sqlite_master(schema text, names jsonb, has_sequences boolean, objects jsonb)
RETURNS TABLE (type text, name text, tbl_name text, sql text)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
-- With what SQLite's definitions say of indexes and triggers, and of all where their text is asked for.  One without a name
-- serves PostgreSQL alone.  What PostgreSQL has and SQLite never had is defined in PostgreSQL's words.
AS $$
SELECT
    o.type,
    CASE WHEN o.type IN ('table', 'view') THEN coalesce(names ->> o.target, o.name) ELSE coalesce(k.name, o.name) END,
    coalesce(names ->> o.relation, o.relation),
    CASE WHEN k.target IS NOT NULL THEN k.sql
        WHEN o.type = 'index' AND o.name = o.target THEN pg_catalog.pg_get_indexdef(o.object)
        WHEN o.type = 'trigger' THEN pg_catalog.pg_get_triggerdef(o.object)
        WHEN o.type = 'view' THEN 'CREATE VIEW ' || o.target || ' AS' || pg_catalog.pg_get_viewdef(o.object)
    END
FROM pgraduate_compat.catalog_objects(schema) AS o
LEFT JOIN pg_catalog.jsonb_to_recordset(objects) AS k(type text, "table" text, target text, name text, sql text)
    ON k.type = o.type AND k."table" = o.relation AND k.target = o.target
WHERE k.target IS NULL OR k.name IS NOT NULL
UNION ALL
SELECT 'table', 'sqlite_sequence', 'sqlite_sequence', 'CREATE TABLE sqlite_sequence(name,seq)' WHERE has_sequences
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.pragma_table_list(
    schema text, names jsonb, has_sequences boolean, declared jsonb)
RETURNS TABLE (schema_name text, name text, type text, ncol integer, wr integer, strict integer)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
-- `declared` gives of a table, by PostgreSQL's name, whether it is WITHOUT ROWID, whether it is STRICT, and how many of its
-- columns SQLite does not have.
AS $$
SELECT
    'main', coalesce(names ->> l.name, l.name), l.type, l.ncol - coalesce((declared -> l.name ->> 2)::integer, 0),
    coalesce((declared -> l.name ->> 0)::integer, 0), coalesce((declared -> l.name ->> 1)::integer, 0)
FROM pgraduate_compat.pragma_table_list(schema) AS l
UNION ALL
SELECT 'main', 'sqlite_sequence', 'table', 2, 0, 0 WHERE has_sequences
UNION ALL
SELECT 'temp', l.name, l.type, l.ncol, 0, 0
FROM pg_catalog.pg_namespace AS n CROSS JOIN LATERAL pgraduate_compat.pragma_table_list(n.nspname::text) AS l
WHERE n.oid = pg_catalog.pg_my_temp_schema() AND l.name <> 'sqlite_schema'
UNION ALL
SELECT 'temp', 'sqlite_temp_schema', 'table', 5, 0, 0
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.pragma_index_list(schema text, relation text, declared jsonb)
RETURNS TABLE (seq integer, name text, "unique" integer, origin text, partial integer)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
-- With what SQLite's definitions say of the indexes, by PostgreSQL's names, in the order in which they were made.  What
-- PostgreSQL has and SQLite never had is newer; what has no name serves PostgreSQL alone.
AS $$
SELECT
    (pg_catalog.row_number() OVER (ORDER BY k.place DESC NULLS FIRST, i.index DESC))::integer - 1,
    coalesce(k.name, i.name), coalesce(k."unique", i.is_unique::integer), coalesce(k.origin, i.origin),
    coalesce(k.partial, i.is_partial::integer)
FROM pgraduate_compat.catalog_indexes(schema) AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.index
LEFT JOIN pg_catalog.jsonb_to_recordset(declared) AS k(
    target text, name text, "unique" integer, origin text, partial integer, place integer
) ON k.target = c.relname
WHERE i.relation = pgraduate_compat.catalog_relation(schema, $2) AND (k.target IS NULL OR k.name IS NOT NULL)
ORDER BY k.place DESC NULLS FIRST, i.index DESC
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.pragma_index_xinfo(schema text, index text, declared jsonb)
RETURNS TABLE (seqno integer, cid integer, name text, "desc" integer, coll text, "key" integer)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
-- A term is given as place of the column, its name, descending, collation, and whether it belongs to the key.
AS $$
SELECT
    t.place::integer - 1, (t.term ->> 0)::integer, t.term ->> 1, (t.term ->> 2)::integer, t.term ->> 3,
    (t.term ->> 4)::integer
FROM pgraduate_compat.catalog_indexes(schema) AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.index
JOIN pg_catalog.jsonb_to_recordset(declared) AS k(target text, name text, terms jsonb) ON k.target = c.relname
CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(k.terms) WITH ORDINALITY AS t(term, place)
WHERE pg_catalog.lower(k.name) = pg_catalog.lower($2)
UNION ALL
SELECT x.seqno, x.cid, x.name, x."desc", x.coll, x."key"
FROM pgraduate_compat.pragma_index_xinfo(schema, $2) AS x
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.jsonb_to_recordset(declared) AS k(name text)
    WHERE pg_catalog.lower(k.name) = pg_catalog.lower($2))
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.pragma_index_info(schema text, index text, declared jsonb)
RETURNS TABLE (seqno integer, cid integer, name text)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
AS $$
SELECT x.seqno, x.cid, x.name
FROM pgraduate_compat.pragma_index_xinfo(schema, $2, declared) AS x
WHERE x."key" = 1
ORDER BY x.seqno
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.pragma_foreign_key_list(schema text, relation text, declared jsonb)
RETURNS TABLE (
    id integer, seq integer, "table" text, "from" text, "to" text, on_update text, on_delete text, match text)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
-- `declared` gives SQLite's names of tables and columns by PostgreSQL's, and the columns of the foreign keys whose
-- definition leaves out what they refer to.
AS $$
WITH found AS MATERIALIZED (
    SELECT f.*, c.relname::text AS child
    FROM pgraduate_compat.pragma_foreign_key_list(schema, $2) AS f
    JOIN pg_catalog.pg_class AS c ON c.oid = pgraduate_compat.catalog_relation(schema, $2)
), implied AS (
    SELECT f.id
    FROM found AS f
    GROUP BY f.id, f.child
    HAVING pg_catalog.jsonb_agg(f."from" ORDER BY f.seq) IN (
        SELECT i.columns FROM pg_catalog.jsonb_array_elements(declared -> 'implied' -> f.child) AS i(columns))
)
SELECT
    f.id, f.seq,
    coalesce(declared -> 'tables' ->> f."table", f."table"),
    coalesce(declared -> 'columns' -> f.child ->> f."from", f."from"),
    CASE WHEN f.id NOT IN (SELECT i.id FROM implied AS i)
        THEN coalesce(declared -> 'columns' -> f."table" ->> f."to", f."to") END,
    f.on_update, f.on_delete, f.match
FROM found AS f
ORDER BY f.id, f.seq
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.sqlite_sequence(names text[], relations text[], columns text[])
RETURNS TABLE (name text, seq bigint)
LANGUAGE plpgsql VOLATILE STRICT PARALLEL SAFE
-- The largest number that each of these tables ever gave, or that a row was given by hand; no line before the first row.
AS $$
DECLARE
    place integer;
    given bigint;
    highest bigint;
BEGIN
    FOR place IN 1 .. coalesce(pg_catalog.array_length(names, 1), 0) LOOP
        EXECUTE 'SELECT last_value - CASE WHEN is_called THEN 0 ELSE 1 END FROM '
            || pg_catalog.pg_get_serial_sequence(relations[place], columns[place]) INTO given;
        EXECUTE 'SELECT pg_catalog.max(' || pg_catalog.quote_ident(columns[place]) || ') FROM ' || relations[place] INTO highest;
        name := names[place];
        seq := greatest(given, highest);
        IF seq > 0 THEN
            RETURN NEXT;
        END IF;
    END LOOP;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.restart_sequence(
    names text[], relations text[], columns text[], name text, seq bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
-- Let the rows of a table be numbered behind `seq`, and behind its largest number in any case, as SQLite does.  Unlike
-- setval() it is taken back with the transaction.
AS $$
DECLARE
    place integer := pg_catalog.array_position(names, restart_sequence.name);
    highest bigint;
BEGIN
    EXECUTE 'SELECT pg_catalog.max(' || pg_catalog.quote_ident(columns[place]) || ') FROM ' || relations[place] INTO highest;
    EXECUTE 'ALTER SEQUENCE ' || pg_catalog.pg_get_serial_sequence(relations[place], columns[place])
        || ' RESTART WITH ' || greatest(coalesce(restart_sequence.seq, 0), coalesce(highest, 0), 0) + 1;
    RETURN true;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.pragma_table_xinfo(schema text, relation text, known jsonb)
RETURNS TABLE (cid integer, name text, type text, "notnull" integer, dflt_value text, pk integer, hidden integer)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
-- With what SQLite's own definitions say of the columns, by the names of table and column in PostgreSQL.
AS $$
SELECT
    (pg_catalog.row_number() OVER (ORDER BY x.cid))::integer - 1,
    coalesce(k.source, x.name),
    coalesce(k.type, x.type),
    coalesce(k."notnull", x."notnull"),
    CASE WHEN k.target IS NULL THEN x.dflt_value ELSE k.dflt END,
    x.pk,
    coalesce(k.hidden, x.hidden)
FROM pgraduate_compat.pragma_table_xinfo(schema, $2) AS x
LEFT JOIN pg_catalog.jsonb_to_recordset(known) AS k(
    "table" text, target text, source text, type text, "notnull" integer, dflt text, hidden integer, implicit boolean
) ON k."table" = (SELECT c.relname FROM pg_catalog.pg_class AS c WHERE c.oid = pgraduate_compat.catalog_relation(schema, $2))
    AND k.target = x.name
WHERE k.implicit IS NOT TRUE
UNION ALL
SELECT
    (pg_catalog.row_number() OVER (ORDER BY k.place))::integer - 1, k.source, k.type, k."notnull", k.dflt, 0, k.hidden
FROM ROWS FROM (pg_catalog.jsonb_to_recordset(known) AS (
    "table" text, source text, type text, "notnull" integer, dflt text, hidden integer
)) WITH ORDINALITY AS k("table", source, type, "notnull", dflt, hidden, place)
WHERE k."table" = 'sqlite_sequence' AND pg_catalog.lower($2) = 'sqlite_sequence'
ORDER BY 1
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.pragma_table_info(schema text, relation text, known jsonb)
RETURNS TABLE (cid integer, name text, type text, "notnull" integer, dflt_value text, pk integer)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
AS $$
SELECT x.cid, x.name, x.type, x."notnull", x.dflt_value, x.pk
FROM pgraduate_compat.pragma_table_xinfo(schema, $2, known) AS x
WHERE x.hidden = 0
ORDER BY x.cid
$$;
