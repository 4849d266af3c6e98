-- JSON as text, as SQLite keeps it: order of keys and digits of numbers stay as they are.

CREATE OR REPLACE FUNCTION pgraduate_compat.json_valid(value text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
BEGIN
    PERFORM value::json;
    RETURN true;
EXCEPTION WHEN invalid_text_representation OR untranslatable_character THEN
    RETURN false;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_minified(value json) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE pg_catalog.json_typeof(value)
    WHEN 'object' THEN '{' || coalesce((
        SELECT pg_catalog.string_agg(
            pg_catalog.to_json(e.key)::text || ':' || pgraduate_compat.json_minified(e.value), ',' ORDER BY e.place)
        FROM pg_catalog.json_each(value) WITH ORDINALITY AS e (key, value, place)), '') || '}'
    WHEN 'array' THEN '[' || coalesce((
        SELECT pg_catalog.string_agg(pgraduate_compat.json_minified(e.value), ',' ORDER BY e.place)
        FROM pg_catalog.json_array_elements(value) WITH ORDINALITY AS e (value, place)), '') || ']'
    ELSE pg_catalog.btrim(value::text, E' \t\n\r')
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_at(document text, path text) RETURNS json
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
-- The element at $.key."key"[0][#-1]; NULL where there is none.
AS $$
DECLARE
    found json := document::json;
    rest text := pg_catalog.substr(path, 2);
    part text[];
    place integer;
BEGIN
    IF path NOT LIKE '$%' THEN
        RAISE EXCEPTION 'bad JSON path: %', path USING ERRCODE = 'invalid_parameter_value';
    END IF;
    WHILE rest <> '' LOOP
        part := pg_catalog.regexp_match(rest, '^(?:\.(?:"([^"]*)"|([^.\["]+))|\[(?:(\d+)|#-(\d+)|(#))\])(.*)$');
        IF part IS NULL THEN
            RAISE EXCEPTION 'bad JSON path: %', path USING ERRCODE = 'invalid_parameter_value';
        END IF;
        IF part[1] IS NOT NULL OR part[2] IS NOT NULL THEN
            IF pg_catalog.json_typeof(found) <> 'object' THEN
                RETURN NULL;
            END IF;
            found := found -> coalesce(part[1], part[2]);
        ELSE
            IF pg_catalog.json_typeof(found) <> 'array' OR part[5] IS NOT NULL THEN
                RETURN NULL;
            END IF;
            place := coalesce(part[3]::integer, pg_catalog.json_array_length(found) - part[4]::integer);
            IF place < 0 THEN
                RETURN NULL;
            END IF;
            found := found -> place;
        END IF;
        IF found IS NULL THEN
            RETURN NULL;
        END IF;
        rest := part[6];
    END LOOP;
    RETURN found;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_path(key text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- The right side of -> and ->>: a path, a key, or a place in an array.
AS $$
SELECT CASE
    WHEN key LIKE '$%' THEN key
    WHEN key ~ '^-\d+$' THEN '$[#' || key || ']'
    WHEN key ~ '^\d+$' THEN '$[' || key || ']'
    ELSE '$."' || key || '"'
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_extract_number(document text, path text) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- A number or truth value; NULL for every other element.
AS $$
SELECT CASE pg_catalog.json_typeof(e.element)
    WHEN 'number' THEN pgraduate_compat.read_number(pg_catalog.btrim(e.element::text, E' \t\n\r'))
    WHEN 'boolean' THEN CASE WHEN e.element::text LIKE '%true%' THEN 1 ELSE 0 END
END
FROM pgraduate_compat.json_at(document, path) AS e (element)
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_extract_text(document text, path text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- A string, or the JSON of an object or array; NULL for every other element.
AS $$
SELECT CASE pg_catalog.json_typeof(e.element)
    WHEN 'string' THEN e.element #>> '{}'
    WHEN 'object' THEN pgraduate_compat.json_minified(e.element)
    WHEN 'array' THEN pgraduate_compat.json_minified(e.element)
END
FROM pgraduate_compat.json_at(document, path) AS e (element)
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_extract(document text, path text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT coalesce(
    pgraduate_compat.json_extract_text(document, path),
    pgraduate_compat.to_text(pgraduate_compat.json_extract_number(document, path)))
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_value(document text, path text) RETURNS pgraduate_compat.any_value
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- The element as a value of SQL, in the class of its JSON type.
AS $$
SELECT CASE pg_catalog.json_typeof(e.element)
    WHEN 'number' THEN pgraduate_compat.any_value(
        pgraduate_compat.read_number(pg_catalog.btrim(e.element::text, E' \t\n\r')))
    WHEN 'boolean' THEN pgraduate_compat.any_value(CASE WHEN e.element::text LIKE '%true%' THEN 1 ELSE 0 END)
    WHEN 'string' THEN pgraduate_compat.any_value(e.element #>> '{}')
    WHEN 'null' THEN NULL
    ELSE pgraduate_compat.any_value(pgraduate_compat.json_minified(e.element))
END
FROM pgraduate_compat.json_at(document, path) AS e (element)
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_part(document text, path text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- The element as JSON, a null too.
AS $$
SELECT pgraduate_compat.json_minified(pgraduate_compat.json_at(document, path))
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_type(document text, path text DEFAULT '$') RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE pg_catalog.json_typeof(e.element)
    WHEN 'string' THEN 'text'
    WHEN 'boolean' THEN pg_catalog.btrim(e.element::text, E' \t\n\r')
    WHEN 'number' THEN CASE WHEN e.element::text ~ '[.eE]' THEN 'real' ELSE 'integer' END
    ELSE pg_catalog.json_typeof(e.element)
END
FROM pgraduate_compat.json_at(document, path) AS e (element)
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_array_length(document text, path text DEFAULT '$') RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE
    WHEN e.element IS NULL THEN NULL
    WHEN pg_catalog.json_typeof(e.element) = 'array' THEN pg_catalog.json_array_length(e.element)
    ELSE 0
END
FROM pgraduate_compat.json_at(document, path) AS e (element)
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_quote(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT pg_catalog.to_json(value)::text
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_inner(document text, path text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- The element as new JSON takes it up after json_extract: objects and arrays stay JSON, all else is a value of SQL.
AS $$
SELECT CASE pg_catalog.json_typeof(e.element)
    WHEN 'object' THEN pgraduate_compat.json_minified(e.element)
    WHEN 'array' THEN pgraduate_compat.json_minified(e.element)
    WHEN 'string' THEN pgraduate_compat.json_quote(e.element #>> '{}')
    ELSE pgraduate_compat.to_text(pgraduate_compat.json_extract_number(document, path))
END
FROM pgraduate_compat.json_at(document, path) AS e (element)
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_pretty(minified text, indent text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- Every element on a line of its own; an empty array or object stays as it is.  The text has no blank outside of strings.
AS $$
SELECT pg_catalog.string_agg(
    CASE
        WHEN p.token IN ('{', '[', ',') THEN p.token || E'\n' || pg_catalog.repeat(indent, p.depth::integer)
        WHEN p.token IN ('}', ']') THEN E'\n' || pg_catalog.repeat(indent, p.depth::integer) || p.token
        WHEN p.token = ':' THEN ': '
        ELSE p.token
    END, '' ORDER BY p.place)
FROM (
    SELECT t.match[1] AS token, t.place, pg_catalog.sum(
        CASE WHEN t.match[1] IN ('{', '[') THEN 1 WHEN t.match[1] IN ('}', ']') THEN -1 ELSE 0 END) OVER (ORDER BY t.place) AS depth
    FROM pg_catalog.regexp_matches(minified, '("(?:[^"\\]|\\.)*"|\{\}|\[\]|[{}\[\],:]|[^"{}\[\],:]+)', 'g')
        WITH ORDINALITY AS t (match, place)
) AS p
$$;
