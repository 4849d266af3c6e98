-- Changing JSON that is kept as text: what is not touched keeps its digits, its order and its repeated keys.

CREATE OR REPLACE FUNCTION pgraduate_compat.json_step(path text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
-- The first step of a path behind its $: the key, or the place, or the place from the end, and the rest.
AS $$
DECLARE
    step text[] := pg_catalog.regexp_match(path, '^(?:\.(?:"([^"]*)"|([^.\["]+))|\[(?:(\d+)|#-(\d+)|(#))\])(.*)$');
BEGIN
    IF step IS NULL THEN
        RAISE EXCEPTION 'bad JSON path: $%', path USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN ARRAY[coalesce(step[1], step[2]), step[3], CASE WHEN step[5] = '#' THEN '0' ELSE step[4] END, step[6]];
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_built(path text, new text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
-- A value with the containers that lead to it; NULL where a place of an array could not be the first.
AS $$
DECLARE
    step text[];
    inner_part text;
BEGIN
    IF path = '' THEN
        RETURN new;
    END IF;
    step := pgraduate_compat.json_step(path);
    inner_part := pgraduate_compat.json_built(step[4], new);
    RETURN CASE
        WHEN step[1] IS NOT NULL THEN '{' || pg_catalog.to_json(step[1])::text || ':' || inner_part || '}'
        WHEN step[2]::integer = 0 OR step[3]::integer = 0 THEN '[' || inner_part || ']'
    END;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_edited(element json, path text, new text, act text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
-- An element after set, insert, replace or remove at the rest of a path; NULL for one that is removed itself.
AS $$
DECLARE
    step text[];
    member record;
    part text;
    place bigint;
    parts text[] := '{}';
    met boolean := false;
    is_object boolean := pg_catalog.json_typeof(element) = 'object';
BEGIN
    IF path = '' THEN
        RETURN CASE act
            WHEN 'remove' THEN NULL
            WHEN 'insert' THEN pgraduate_compat.json_minified(element)
            ELSE new
        END;
    END IF;
    step := pgraduate_compat.json_step(path);
    IF is_object <> (step[1] IS NOT NULL) OR pg_catalog.json_typeof(element) NOT IN ('object', 'array') THEN
        RETURN pgraduate_compat.json_minified(element);
    END IF;
    IF is_object THEN
        FOR member IN SELECT e.key, e.value FROM pg_catalog.json_each(element) AS e LOOP
            IF member.key = step[1] AND NOT met THEN
                met := true;
                part := pgraduate_compat.json_edited(member.value, step[4], new, act);
            ELSE
                part := pgraduate_compat.json_minified(member.value);
            END IF;
            IF part IS NOT NULL THEN
                parts := parts || (pg_catalog.to_json(member.key)::text || ':' || part);
            END IF;
        END LOOP;
    ELSE
        place := coalesce(step[2]::bigint, pg_catalog.json_array_length(element) - step[3]::bigint);
        FOR member IN SELECT e.value, e.place - 1 AS place
            FROM pg_catalog.json_array_elements(element) WITH ORDINALITY AS e (value, place)
        LOOP
            IF member.place = place THEN
                met := true;
                part := pgraduate_compat.json_edited(member.value, step[4], new, act);
            ELSE
                part := pgraduate_compat.json_minified(member.value);
            END IF;
            IF part IS NOT NULL THEN
                parts := parts || part;
            END IF;
        END LOOP;
        met := met OR place <> pg_catalog.json_array_length(element);
    END IF;
    IF NOT met AND act IN ('set', 'insert') THEN
        part := pgraduate_compat.json_built(step[4], new);
        IF part IS NOT NULL THEN
            parts := parts || (CASE WHEN is_object THEN pg_catalog.to_json(step[1])::text || ':' ELSE '' END || part);
        END IF;
    END IF;
    part := pg_catalog.array_to_string(parts, ',');
    RETURN CASE WHEN is_object THEN '{' || part || '}' ELSE '[' || part || ']' END;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_change(document text, path text, new text, act text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
-- A document after one change; a path that is NULL changes nothing.
AS $$
BEGIN
    IF path NOT LIKE '$%' THEN
        RAISE EXCEPTION 'bad JSON path: %', path USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN CASE
        WHEN document IS NULL THEN NULL
        WHEN path IS NULL THEN pgraduate_compat.json_minified(document::json)
        ELSE pgraduate_compat.json_edited(document::json, pg_catalog.substr(path, 2), new, act)
    END;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_set(document text, path text, new text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- `new` is JSON.
AS $$
SELECT pgraduate_compat.json_change(document, path, new, 'set')
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_insert(document text, path text, new text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT pgraduate_compat.json_change(document, path, new, 'insert')
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_replace(document text, path text, new text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT pgraduate_compat.json_change(document, path, new, 'replace')
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_remove(document text, path text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- NULL where the document itself is removed.
AS $$
SELECT pgraduate_compat.json_change(document, path, NULL, 'remove')
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_merged(target json, patch json) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
-- RFC 7396: members of the patch replace those of the target, a null removes one.
AS $$
DECLARE
    member record;
    change json;
    parts text[] := '{}';
    keys text[] := '{}';
BEGIN
    IF pg_catalog.json_typeof(patch) <> 'object' THEN
        RETURN pgraduate_compat.json_minified(patch);
    END IF;
    IF target IS NULL OR pg_catalog.json_typeof(target) <> 'object' THEN
        target := '{}';
    END IF;
    FOR member IN SELECT e.key, e.value FROM pg_catalog.json_each(target) AS e LOOP
        change := patch -> member.key;
        keys := keys || member.key;
        IF change IS NULL THEN
            parts := parts || (pg_catalog.to_json(member.key)::text || ':' || pgraduate_compat.json_minified(member.value));
        ELSIF pg_catalog.json_typeof(change) <> 'null' THEN
            parts := parts || (pg_catalog.to_json(member.key)::text || ':'
                || pgraduate_compat.json_merged(member.value, change));
        END IF;
    END LOOP;
    FOR member IN SELECT e.key, e.value FROM pg_catalog.json_each(patch) AS e LOOP
        IF NOT member.key = ANY (keys) AND pg_catalog.json_typeof(member.value) <> 'null' THEN
            parts := parts || (pg_catalog.to_json(member.key)::text || ':'
                || pgraduate_compat.json_merged(NULL, member.value));
        END IF;
    END LOOP;
    RETURN '{' || pg_catalog.array_to_string(parts, ',') || '}';
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_patch(target text, patch text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT pgraduate_compat.json_merged(target::json, patch::json)
$$;
