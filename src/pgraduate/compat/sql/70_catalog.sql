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

CREATE OR REPLACE FUNCTION pgraduate_compat.sqlite_master(schema text)
RETURNS TABLE (type text, name text, tbl_name text)
LANGUAGE sql STABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE WHEN c.relkind IN ('r', 'p') THEN 'table' ELSE 'view' END, c.relname::text, c.relname::text
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = schema AND c.relkind IN ('r', 'p', 'v', 'm')
UNION ALL
SELECT 'index', i.name, t.relname::text
FROM pgraduate_compat.catalog_indexes(schema) AS i JOIN pg_catalog.pg_class AS t ON t.oid = i.relation
UNION ALL
SELECT 'trigger', g.tgname::text, t.relname::text
FROM pg_catalog.pg_trigger AS g
JOIN pg_catalog.pg_class AS t ON t.oid = g.tgrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = t.relnamespace
WHERE n.nspname = schema AND NOT g.tgisinternal
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

CREATE OR REPLACE FUNCTION pgraduate_compat.user_version(schema text) RETURNS integer
LANGUAGE sql STABLE STRICT PARALLEL SAFE
-- It stands in the schema's comment, where a dump keeps it and a transaction takes it back; 0 where none was set.
AS $$
SELECT coalesce((
    SELECT pg_catalog.substring(pg_catalog.obj_description(n.oid, 'pg_namespace'), 'user_version (-?\d+)$')::integer
    FROM pg_catalog.pg_namespace AS n
    WHERE n.nspname = schema), 0)
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
ORDER BY x.cid
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
