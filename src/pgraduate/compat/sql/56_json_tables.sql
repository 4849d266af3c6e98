-- json_each and json_tree as tables.  Keys, values and atoms are of mixed class: each stands as one text, and beside it
-- as a text and as a number, NULL where it is of the other class.

CREATE OR REPLACE FUNCTION pgraduate_compat.json_members(container json)
RETURNS TABLE (place bigint, name text, number bigint, element json, step text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- The members of an object or array, none of anything else.
AS $$
SELECT
    e.place,
    e.key,
    NULL::bigint,
    e.value,
    CASE
        WHEN e.key ~ '^[A-Za-z][A-Za-z0-9]*$' THEN '.' || e.key
        ELSE '.' || pg_catalog.to_json(e.key)::text
    END
FROM pg_catalog.json_each(CASE WHEN pg_catalog.json_typeof(container) = 'object' THEN container ELSE '{}' END)
    WITH ORDINALITY AS e (key, value, place)
UNION ALL
SELECT e.place, NULL, e.place - 1, e.value, '[' || (e.place - 1) || ']'
FROM pg_catalog.json_array_elements(CASE WHEN pg_catalog.json_typeof(container) = 'array' THEN container ELSE '[]' END)
    WITH ORDINALITY AS e (value, place)
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_shown(element json)
RETURNS TABLE (value text, value_text text, value_number numeric, type text, is_atom boolean)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- One element as SQL sees it.
AS $$
SELECT
    pgraduate_compat.json_extract(d.document, '$'),
    pgraduate_compat.json_extract_text(d.document, '$'),
    pgraduate_compat.json_extract_number(d.document, '$'),
    pgraduate_compat.json_type(d.document),
    pg_catalog.json_typeof(element) NOT IN ('object', 'array')
FROM (SELECT element::text AS document) AS d
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_each(document text, root_path text DEFAULT '$')
RETURNS TABLE (
    key text, key_text text, key_number bigint,
    value text, value_text text, value_number numeric,
    type text,
    atom text, atom_text text, atom_number numeric,
    fullkey text, path text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
WITH root AS MATERIALIZED (
    SELECT r.element, pg_catalog.json_typeof(r.element) IN ('object', 'array') AS is_container
    FROM pgraduate_compat.json_at(document, root_path) AS r (element)
    WHERE r.element IS NOT NULL
),
member AS (
    SELECT m.place, m.name, m.number, m.element, root_path || m.step AS fullkey
    FROM root AS r CROSS JOIN LATERAL pgraduate_compat.json_members(r.element) AS m
    WHERE r.is_container
    UNION ALL
    SELECT 1, NULL, NULL, r.element, root_path FROM root AS r WHERE NOT r.is_container
)
SELECT
    coalesce(m.name, m.number::text), m.name, m.number,
    v.value, v.value_text, v.value_number,
    v.type,
    CASE WHEN v.is_atom THEN v.value END, CASE WHEN v.is_atom THEN v.value_text END, v.value_number,
    m.fullkey, root_path
FROM member AS m CROSS JOIN LATERAL pgraduate_compat.json_shown(m.element) AS v
ORDER BY m.place
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_tree(document text)
RETURNS TABLE (
    key text, key_text text, key_number bigint,
    value text, value_text text, value_number numeric,
    type text,
    atom text, atom_text text, atom_number numeric,
    fullkey text, path text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- Every element, a container before its members.
AS $$
WITH RECURSIVE tree AS (
    SELECT ARRAY[]::bigint[] AS place, NULL::text AS name, NULL::bigint AS number, r.element, '$' AS fullkey, '$' AS path
    FROM pgraduate_compat.json_at(document, '$') AS r (element)
    WHERE r.element IS NOT NULL
    UNION ALL
    SELECT t.place || m.place, m.name, m.number, m.element, t.fullkey || m.step, t.fullkey
    FROM tree AS t CROSS JOIN LATERAL pgraduate_compat.json_members(t.element) AS m
)
SELECT
    coalesce(t.name, t.number::text), t.name, t.number,
    v.value, v.value_text, v.value_number,
    v.type,
    CASE WHEN v.is_atom THEN v.value END, CASE WHEN v.is_atom THEN v.value_text END, v.value_number,
    t.fullkey, t.path
FROM tree AS t CROSS JOIN LATERAL pgraduate_compat.json_shown(t.element) AS v
ORDER BY t.place
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_last_step(
    document text, whole_path text, OUT name text, OUT number bigint, OUT path text
)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
-- The key or place by which a path ends, and the path before it; nothing and the path itself for $.
AS $$
DECLARE
    part text[] := pg_catalog.regexp_match(
        whole_path, '^(\$.*)(?:\.(?:"([^"]*)"|([^."\[]+))|\[(?:(\d+)|#-(\d+))\])$');
BEGIN
    path := coalesce(part[1], whole_path);
    name := coalesce(part[2], part[3]);
    number := coalesce(
        part[4]::bigint,
        pgraduate_compat.json_array_length(document, path) - part[5]::bigint);
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.json_tree(document text, root_path text)
RETURNS TABLE (
    key text, key_text text, key_number bigint,
    value text, value_text text, value_number numeric,
    type text,
    atom text, atom_text text, atom_number numeric,
    fullkey text, path text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- The element at a path and all below it, a container before its members.
AS $$
WITH RECURSIVE tree AS (
    SELECT
        ARRAY[]::bigint[] AS place, s.name COLLATE "C" AS name, s.number, r.element,
        root_path COLLATE "C" AS fullkey, s.path COLLATE "C" AS path
    FROM pgraduate_compat.json_at(document, root_path) AS r (element)
    CROSS JOIN LATERAL pgraduate_compat.json_last_step(document, root_path) AS s
    WHERE r.element IS NOT NULL
    UNION ALL
    SELECT t.place || m.place, m.name COLLATE "C", m.number, m.element, (t.fullkey || m.step) COLLATE "C", t.fullkey
    FROM tree AS t CROSS JOIN LATERAL pgraduate_compat.json_members(t.element) AS m
)
SELECT
    coalesce(t.name, t.number::text), t.name, t.number,
    v.value, v.value_text, v.value_number,
    v.type,
    CASE WHEN v.is_atom THEN v.value END, CASE WHEN v.is_atom THEN v.value_text END, v.value_number,
    t.fullkey, t.path
FROM tree AS t CROSS JOIN LATERAL pgraduate_compat.json_shown(t.element) AS v
ORDER BY t.place
$$;
