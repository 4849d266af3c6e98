-- Text and blobs.

CREATE OR REPLACE FUNCTION pgraduate_compat.nocase(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- The form whose bytes compare as COLLATE NOCASE does: ASCII letters in lower case.
AS $$
SELECT pg_catalog.lower(value COLLATE "C")
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.like(pattern text, value text, escape text DEFAULT '') RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    written text := '';
    sign text;
    place integer := 1;
BEGIN
    IF pg_catalog.length(escape) > 1 THEN
        RAISE EXCEPTION 'ESCAPE expression must be a single character' USING ERRCODE = 'invalid_escape_character';
    END IF;
    WHILE place <= pg_catalog.length(pattern) LOOP
        sign := pg_catalog.substr(pattern, place, 1);
        IF sign = escape THEN
            place := place + 1;
            IF place > pg_catalog.length(pattern) THEN
                RETURN false;
            END IF;
            written := written || '\' || pg_catalog.substr(pattern, place, 1);
        ELSIF sign = '\' THEN
            written := written || '\\';
        ELSE
            written := written || sign;
        END IF;
        place := place + 1;
    END LOOP;
    RETURN pg_catalog.lower(value COLLATE "C") LIKE pg_catalog.lower(written COLLATE "C") ESCAPE '\';
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.glob(pattern text, value text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
-- The pattern as a regular expression: * ? and sets, where ] may stand first and ^ means all others.
AS $$
DECLARE
    written text := '^';
    sign text;
    place integer := 1;
    ending integer;
    inside text;
BEGIN
    WHILE place <= pg_catalog.length(pattern) LOOP
        sign := pg_catalog.substr(pattern, place, 1);
        IF sign = '*' THEN
            written := written || '.*';
        ELSIF sign = '?' THEN
            written := written || '.';
        ELSIF sign = '[' THEN
            ending := place + 1;
            IF pg_catalog.substr(pattern, ending, 1) = '^' THEN
                ending := ending + 1;
            END IF;
            IF pg_catalog.substr(pattern, ending, 1) = ']' THEN
                ending := ending + 1;
            END IF;
            WHILE ending <= pg_catalog.length(pattern) AND pg_catalog.substr(pattern, ending, 1) <> ']' LOOP
                ending := ending + 1;
            END LOOP;
            IF ending > pg_catalog.length(pattern) THEN
                RETURN false;
            END IF;
            inside := pg_catalog.substr(pattern, place + 1, ending - place - 1);
            written := written || pgraduate_compat.glob_set(inside);
            place := ending;
        ELSE
            written := written || pg_catalog.regexp_replace(sign, '([^a-zA-Z0-9\s])', '\\\1');
        END IF;
        place := place + 1;
    END LOOP;
    RETURN value COLLATE "C" ~ (written || '$');
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.glob_set(inside text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
-- A set of GLOB as a set of regular expressions; an empty range such as z-a holds nothing.
AS $$
DECLARE
    negated boolean := pg_catalog.left(inside, 1) = '^';
    rest text := CASE WHEN negated THEN pg_catalog.substr(inside, 2) ELSE inside END;
    written text := '';
    sign text;
    last text;
    place integer := 1;
BEGIN
    WHILE place <= pg_catalog.length(rest) LOOP
        sign := pg_catalog.substr(rest, place, 1);
        last := pg_catalog.substr(rest, place + 2, 1);
        IF pg_catalog.substr(rest, place + 1, 1) = '-' AND last <> '' THEN
            IF sign COLLATE "C" <= last THEN
                written := written || pgraduate_compat.regexp_sign(sign) || '-' || pgraduate_compat.regexp_sign(last);
            END IF;
            place := place + 3;
        ELSE
            written := written || pgraduate_compat.regexp_sign(sign);
            place := place + 1;
        END IF;
    END LOOP;
    IF written = '' THEN
        RETURN CASE WHEN negated THEN '.' ELSE '(?!.|\n)(?=.)' END;
    END IF;
    RETURN CASE WHEN negated THEN '[^' ELSE '[' END || written || ']';
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.regexp_sign(sign text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE WHEN sign ~ '^[]\^[-]$' THEN '\' || sign ELSE sign END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.slice(
    size bigint, start bigint, count bigint, OUT first integer, OUT length integer
)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
-- SQLite's substr(): where to begin (from 1) and how many to take, of something of this size.
AS $$
DECLARE
    p1 numeric := start;
    p2 numeric := pg_catalog.abs(coalesce(count, 9223372036854775807)::numeric);
BEGIN
    IF p1 < 0 THEN
        p1 := p1 + size;
        IF p1 < 0 THEN
            p2 := greatest(p2 + p1, 0);
            p1 := 0;
        END IF;
    ELSIF p1 > 0 THEN
        p1 := p1 - 1;
    ELSIF p2 > 0 THEN
        p2 := p2 - 1;
    END IF;
    IF count < 0 THEN
        p1 := p1 - p2;
        IF p1 < 0 THEN
            p2 := greatest(p2 + p1, 0);
            p1 := 0;
        END IF;
    END IF;
    first := least(p1, size) + 1;
    length := greatest(least(p2, size - least(p1, size)), 0);
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.substr(value text, start bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT pg_catalog.substr(value, s.first, s.length)
FROM pgraduate_compat.slice(pg_catalog.length(value), start, NULL) AS s
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.substr(value text, start bigint, count bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT pg_catalog.substr(value, s.first, s.length)
FROM pgraduate_compat.slice(pg_catalog.length(value), start, count) AS s
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.substr(value bytea, start bigint) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT pg_catalog.substr(value, s.first, s.length)
FROM pgraduate_compat.slice(pg_catalog.octet_length(value), start, NULL) AS s
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.substr(value bytea, start bigint, count bigint) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT pg_catalog.substr(value, s.first, s.length)
FROM pgraduate_compat.slice(pg_catalog.octet_length(value), start, count) AS s
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.instr(value bytea, part bytea) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT pg_catalog.position(value, part)
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.char(VARIADIC codes bigint[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- What is no Unicode character is U+FFFD, as in SQLite.
AS $$
SELECT coalesce(pg_catalog.string_agg(
    pg_catalog.chr(CASE
        WHEN c.code BETWEEN 1 AND 1114111 AND c.code NOT BETWEEN 55296 AND 57343 THEN c.code::integer
        ELSE 65533
    END), '' ORDER BY c.place), '')
FROM pg_catalog.unnest(codes) WITH ORDINALITY AS c (code, place)
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.hex(value bytea) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT pg_catalog.upper(pg_catalog.encode(value, 'hex') COLLATE "C")
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.hex(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT pg_catalog.upper(pg_catalog.encode(pg_catalog.convert_to(value, 'UTF8'), 'hex') COLLATE "C")
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.unhex(value text) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE WHEN value ~ '^([0-9a-fA-F]{2})*$' THEN pg_catalog.decode(value, 'hex') END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.zeroblob(bytes bigint) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT pg_catalog.decode(pg_catalog.repeat('00', greatest(bytes, 0)::integer), 'hex')
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.quote(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT '''' || pg_catalog.replace(value, '''', '''''') || ''''
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.quote(value double precision) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE value
    WHEN 'Infinity' THEN '9.0e+999'
    WHEN '-Infinity' THEN '-9.0e+999'
    ELSE pgraduate_compat.to_text(value)
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.quote(value numeric) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE
    WHEN pg_catalog.scale(value) = 0 THEN value::text
    ELSE pgraduate_compat.quote(value::double precision)
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.quote(value bytea) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT 'X''' || pgraduate_compat.hex(value) || ''''
$$;
