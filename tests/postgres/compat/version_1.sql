-- The compat functions as version 1 installed them: what an upgrade in place meets.

-- Numbers.  A number whose class SQLite decides at run time is a numeric: scale 0 is an INTEGER, any other a REAL.

CREATE OR REPLACE FUNCTION pgraduate_compat.number_of(value double precision) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- A REAL as a number: its 15 digits where they read back, else 17, and at least one digit after the point.
AS $$
SELECT CASE
    WHEN value = 'NaN' THEN NULL
    WHEN value IN ('Infinity', '-Infinity') THEN value::numeric
    ELSE pgraduate_compat.as_real(
        CASE
            WHEN pg_catalog.abs(value) < 1.7976e308
                 AND pg_catalog.to_char(value, '9.99999999999999EEEE')::numeric::double precision = value
            THEN pg_catalog.to_char(value, '9.99999999999999EEEE')::numeric
            ELSE pg_catalog.to_char(value, '9.9999999999999999EEEE')::numeric
        END)
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.as_real(value numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE
    WHEN pg_catalog.scale(pg_catalog.trim_scale(value)) = 0 THEN pg_catalog.round(value, 1)
    ELSE pg_catalog.trim_scale(value)
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.number(value numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- A column of NUMERIC affinity: a whole number that fits 64 bits is an INTEGER.
AS $$
SELECT CASE
    WHEN pg_catalog.scale(pg_catalog.trim_scale(value)) = 0
         AND value BETWEEN -9223372036854775808 AND 9223372036854775807
    THEN pg_catalog.trim_scale(value)
    ELSE pgraduate_compat.as_real(value)
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.number(value double precision) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE
    WHEN value = pg_catalog.trunc(value) AND pg_catalog.abs(value) < 9.2e18 THEN value::bigint::numeric
    ELSE pgraduate_compat.number_of(value)
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.is_number(value text) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- Whether NUMERIC affinity makes a number of this text.
AS $$
SELECT value ~ '^[ \t\n\v\f\r]*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?[ \t\n\v\f\r]*$'
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.number_at_start(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT (pg_catalog.regexp_match(
    value, '^[ \t\n\v\f\r]*([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)'))[1]
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.read_real(digits text) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
-- Reads a well-formed number; what is too large is infinite and what is too small is 0.
AS $$
DECLARE
    exponent text := (pg_catalog.regexp_match(digits, '[eE]([+-]?[0-9]+)$'))[1];
    mantissa numeric;
    exact numeric;
BEGIN
    IF exponent IS NOT NULL AND pg_catalog.length(pg_catalog.ltrim(exponent, '+-0')) > 4 THEN
        mantissa := pg_catalog.regexp_replace(digits, '[eE].*$', '')::numeric;
        IF mantissa = 0 OR exponent LIKE '-%' THEN
            RETURN 0;
        END IF;
        RETURN CASE WHEN mantissa < 0 THEN '-Infinity' ELSE 'Infinity' END::double precision;
    END IF;
    exact := digits::numeric;
    IF pg_catalog.abs(exact) >= 1.797693134862315807e308 THEN
        RETURN CASE WHEN exact < 0 THEN '-Infinity' ELSE 'Infinity' END::double precision;
    ELSIF pg_catalog.abs(exact) < 2.4703282292062328e-324 THEN
        RETURN 0;
    END IF;
    RETURN exact::double precision;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.read_number(digits text) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE
    WHEN digits ~ '^[+-]?[0-9]+$' AND digits::numeric BETWEEN -9223372036854775808 AND 9223372036854775807
    THEN digits::numeric
    ELSE pgraduate_compat.number_of(pgraduate_compat.read_real(digits))
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.to_number(value text) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- The number at the start of a text, 0 without one.
AS $$
SELECT coalesce(pgraduate_compat.read_number(pgraduate_compat.number_at_start(value)), 0)
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.to_real(value text) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT coalesce(pgraduate_compat.read_real(pgraduate_compat.number_at_start(value)), 0)
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.to_integer(value numeric) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE
    WHEN value >= 9223372036854775807 THEN 9223372036854775807
    WHEN value <= -9223372036854775808 THEN -9223372036854775808
    ELSE pg_catalog.trunc(value)
END::bigint
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.to_integer(value double precision) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE
    WHEN value >= 9223372036854775807::double precision THEN 9223372036854775807
    WHEN value <= -9223372036854775808::double precision THEN (-9223372036854775808)::bigint
    ELSE pg_catalog.trunc(value)::bigint
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.to_integer(value text) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- The digits at the start of a text; no point and no exponent.
AS $$
SELECT pgraduate_compat.to_integer(
    coalesce((pg_catalog.regexp_match(value, '^[ \t\n\v\f\r]*([+-]?[0-9]+)'))[1], '0')::numeric)
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.to_text(value double precision) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
-- 15 significant digits where they read back, else 17; an exponent below 1e-4 and from 1e17 on.
AS $$
DECLARE
    shown text;
    power integer;
    sign text := CASE WHEN value < 0 THEN '-' ELSE '' END;
    digits text;
BEGIN
    IF value IN ('Infinity', '-Infinity') THEN
        RETURN sign || 'Inf';
    ELSIF value = 0 THEN
        RETURN '0.0';
    END IF;
    shown := pg_catalog.ltrim(pg_catalog.to_char(value, '9.99999999999999EEEE'));
    IF pg_catalog.abs(value) >= 1.7976e308 OR shown::numeric::double precision <> value THEN
        shown := pg_catalog.ltrim(pg_catalog.to_char(value, '9.9999999999999999EEEE'));
    END IF;
    power := pg_catalog.split_part(shown, 'e', 2)::integer;
    digits := pg_catalog.rtrim(
        pg_catalog.replace(pg_catalog.ltrim(pg_catalog.split_part(shown, 'e', 1), '-'), '.', ''), '0');
    IF power < -4 OR power > 16 THEN
        RETURN sign || pg_catalog.left(digits, 1) || '.'
            || coalesce(nullif(pg_catalog.substr(digits, 2), ''), '0')
            || 'e' || pg_catalog.split_part(shown, 'e', 2);
    ELSIF power < 0 THEN
        RETURN sign || '0.' || pg_catalog.repeat('0', -power - 1) || digits;
    END IF;
    digits := pg_catalog.rpad(digits, greatest(power + 2, pg_catalog.length(digits)), '0');
    RETURN sign || pg_catalog.left(digits, power + 1) || '.' || pg_catalog.substr(digits, power + 2);
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.to_text(value numeric) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE
    WHEN pg_catalog.scale(value) = 0 THEN value::text
    ELSE pgraduate_compat.to_text(value::double precision)
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.typeof_number(value numeric) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE WHEN pg_catalog.scale(value) = 0 THEN 'integer' ELSE 'real' END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.compare_text(number numeric, value text) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- -1, 0 or 1: a number beside a text to which NUMERIC affinity was applied; what stays a text is greater.
AS $$
SELECT CASE
    WHEN NOT pgraduate_compat.is_number(value) THEN -1
    ELSE pg_catalog.sign(pg_catalog.numeric_cmp(number, pgraduate_compat.to_number(value)))::integer
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.add(a numeric, b numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE
    WHEN pg_catalog.scale(a) = 0 AND pg_catalog.scale(b) = 0
         AND a + b BETWEEN -9223372036854775808 AND 9223372036854775807
    THEN a + b
    ELSE pgraduate_compat.number_of(a::double precision + b::double precision)
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.subtract(a numeric, b numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE
    WHEN pg_catalog.scale(a) = 0 AND pg_catalog.scale(b) = 0
         AND a - b BETWEEN -9223372036854775808 AND 9223372036854775807
    THEN a - b
    ELSE pgraduate_compat.number_of(a::double precision - b::double precision)
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.multiply(a numeric, b numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE
    WHEN pg_catalog.scale(a) = 0 AND pg_catalog.scale(b) = 0
         AND a * b BETWEEN -9223372036854775808 AND 9223372036854775807
    THEN a * b
    ELSE pgraduate_compat.number_of(a::double precision * b::double precision)
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.divide(a numeric, b numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE
    WHEN b = 0 THEN NULL
    WHEN pg_catalog.scale(a) = 0 AND pg_catalog.scale(b) = 0
         AND pg_catalog.div(a, b) <= 9223372036854775807
    THEN pg_catalog.div(a, b)
    ELSE pgraduate_compat.number_of(a::double precision / b::double precision)
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.modulo(a numeric, b numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- Both sides are cut to 64-bit integers first; the result is a REAL if either was one.
AS $$
SELECT CASE
    WHEN pgraduate_compat.to_integer(b) = 0 THEN NULL
    WHEN pg_catalog.scale(a) = 0 AND pg_catalog.scale(b) = 0
    THEN pgraduate_compat.to_integer(a)::numeric % pgraduate_compat.to_integer(b)::numeric
    ELSE pg_catalog.round(pgraduate_compat.to_integer(a)::numeric % pgraduate_compat.to_integer(b)::numeric, 1)
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.shift_left(value bigint, bits bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE
    WHEN bits >= 64 THEN 0
    WHEN bits >= 0 THEN value << bits::integer
    WHEN bits <= -64 THEN CASE WHEN value < 0 THEN -1 ELSE 0 END
    ELSE value >> (-bits)::integer
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.shift_right(value bigint, bits bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE
    WHEN bits >= 64 THEN CASE WHEN value < 0 THEN -1 ELSE 0 END
    WHEN bits >= 0 THEN value >> bits::integer
    WHEN bits <= -64 THEN 0
    ELSE value << (-bits)::integer
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.round(value double precision, digits integer) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- Half away from zero over the 17 digits of the value; beyond 2^52 there is nothing to round.
AS $$
SELECT CASE
    WHEN value IN ('Infinity', '-Infinity', 'NaN') OR pg_catalog.abs(value) > 4503599627370496 THEN value
    ELSE pg_catalog.round(
        pg_catalog.to_char(value, '9.9999999999999999EEEE')::numeric,
        greatest(0, least(30, digits)))::double precision
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.sum_operand(value text) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- What sum() adds for a text: an INTEGER only where the whole text is one.
AS $$
SELECT CASE
    WHEN pgraduate_compat.is_number(value) THEN pgraduate_compat.to_number(value)
    ELSE pgraduate_compat.number_of(pgraduate_compat.to_real(value))
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.number_sum_step(state numeric[], value numeric) RETURNS numeric[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- state: the sum, 1 once a REAL was added, 1 once anything was added.
AS $$
SELECT ARRAY[state[1] + value, CASE WHEN pg_catalog.scale(value) = 0 THEN state[2] ELSE 1 END, 1]
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.number_sum_both(a numeric[], b numeric[]) RETURNS numeric[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT ARRAY[a[1] + b[1], greatest(a[2], b[2]), greatest(a[3], b[3])]
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.number_sum_end(state numeric[]) RETURNS numeric
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
BEGIN
    IF state[3] = 0 THEN
        RETURN NULL;
    ELSIF state[2] = 1 THEN
        RETURN pgraduate_compat.number_of(state[1]::double precision);
    ELSIF state[1] NOT BETWEEN -9223372036854775808 AND 9223372036854775807 THEN
        RAISE EXCEPTION 'integer overflow' USING ERRCODE = 'numeric_value_out_of_range';
    END IF;
    RETURN pg_catalog.trim_scale(state[1]);
END
$$;

CREATE OR REPLACE AGGREGATE pgraduate_compat.number_sum(numeric) (
    SFUNC = pgraduate_compat.number_sum_step,
    STYPE = numeric[],
    FINALFUNC = pgraduate_compat.number_sum_end,
    COMBINEFUNC = pgraduate_compat.number_sum_both,
    INITCOND = '{0,0,0}',
    PARALLEL = SAFE
);

CREATE OR REPLACE FUNCTION pgraduate_compat.random() RETURNS bigint
LANGUAGE sql VOLATILE PARALLEL SAFE
-- 64 random bits as a signed integer; a version 4 UUID keeps six bits of its own, so its first half is not enough.
AS $$
SELECT ('x' || pg_catalog.left(pg_catalog.gen_random_uuid()::text, 8)
            || pg_catalog.left(pg_catalog.gen_random_uuid()::text, 8))::bit(64)::bigint
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.randomblob(bytes bigint) RETURNS bytea
LANGUAGE sql VOLATILE STRICT PARALLEL SAFE
AS $$
SELECT pg_catalog.substr(
    pg_catalog.decode(pg_catalog.string_agg(pg_catalog.left(pg_catalog.gen_random_uuid()::text, 8), ''), 'hex'),
    1, greatest(bytes, 1)::integer)
FROM pg_catalog.generate_series(1, (greatest(bytes, 1) + 3) / 4)
$$;
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
-- Dates and times.  A moment is the Julian day number in milliseconds, as inside SQLite's date.c.

CREATE OR REPLACE FUNCTION pgraduate_compat.date_text(value date) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
BEGIN
    RETURN pg_catalog.to_char(value::timestamp, 'YYYY-MM-DD');
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.timestamp_text(value timestamp, form text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
-- The text that a timestamp column stands for; what stands in brackets is written only where it is not zero.
AS $$
DECLARE
    day text := pg_catalog.to_char(value, 'YYYY-MM-DD');
    separator text := CASE WHEN form LIKE '__________T%' THEN 'T' ELSE ' ' END;
    zone text := coalesce((pg_catalog.regexp_match(form, '(Z|\+00:00)$'))[1], '');
BEGIN
    IF form = 'YYYY-MM-DD[ HH:MM:SS]' THEN
        RETURN CASE WHEN value = value::date::timestamp THEN day ELSE day || pg_catalog.to_char(value, ' HH24:MI:SS') END;
    ELSIF form LIKE '%[.ffffff]%' THEN
        RETURN day || separator
            || pg_catalog.to_char(value, CASE
                WHEN value = pg_catalog.date_trunc('second', value) THEN 'HH24:MI:SS' ELSE 'HH24:MI:SS.US' END)
            || zone;
    ELSIF form LIKE '%.ffffff%' THEN
        RETURN day || separator || pg_catalog.to_char(value, 'HH24:MI:SS.US') || zone;
    ELSIF form LIKE '%.fff%' THEN
        RETURN day || separator || pg_catalog.to_char(value, 'HH24:MI:SS.MS') || zone;
    ELSIF form LIKE '%:SS%' THEN
        RETURN day || separator || pg_catalog.to_char(value, 'HH24:MI:SS') || zone;
    ELSIF form LIKE '%HH:MM' THEN
        RETURN day || separator || pg_catalog.to_char(value, 'HH24:MI');
    END IF;
    RAISE EXCEPTION 'unknown form of a timestamp: %', form USING ERRCODE = 'invalid_parameter_value';
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.epoch_value(value timestamp, unit text) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT (extract(epoch FROM value) * CASE unit WHEN 's' THEN 1 WHEN 'ms' THEN 1000 WHEN 'us' THEN 1000000 END)::bigint
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.julian(
    year integer, month integer, day integer, milliseconds numeric
) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
-- Meeus' formula in integers, as SQLite writes it; days beyond the month's end run on.
AS $$
DECLARE
    y integer := CASE WHEN month <= 2 THEN year - 1 ELSE year END;
    m integer := CASE WHEN month <= 2 THEN month + 12 ELSE month END;
    a integer := (y + 4800) / 100;
    b integer := 38 - a + a / 4;
BEGIN
    RETURN ((36525 * (y + 4716)) / 100 + (306001 * (m + 1)) / 10000 + day + b)::bigint * 86400000
        - 131716800000 + pg_catalog.trunc(milliseconds)::bigint;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.calendar(
    jd bigint, OUT year integer, OUT month integer, OUT day integer, OUT milliseconds integer
)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    z integer := (jd + 43200000) / 86400000;
    alpha integer := pg_catalog.trunc((z + 32044.75) / 36524.25)::integer - 52;
    a integer := z + 1 + alpha - (alpha + 100) / 4 + 25;
    b integer := a + 1524;
    c integer := pg_catalog.trunc((b - 122.1) / 365.25);
    d integer := (36525 * (c & 32767)) / 100;
    e integer := pg_catalog.trunc((b - d) / 30.6001);
BEGIN
    day := b - d - pg_catalog.trunc(30.6001 * e)::integer;
    month := CASE WHEN e < 14 THEN e - 1 ELSE e - 13 END;
    year := CASE WHEN month > 2 THEN c - 4716 ELSE c - 4715 END;
    milliseconds := (jd + 43200000) % 86400000;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.time_part(value text, OUT milliseconds numeric, OUT zone integer)
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
-- HH:MM[:SS[.FFF]][zone]; milliseconds is NULL where the text is none; zone in minutes east of UTC.
AS $$
DECLARE
    part text[] := pg_catalog.regexp_match(
        value, '^(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?\s*(?:([+-])(\d\d):(\d\d)|([zZ]))?\s*$');
BEGIN
    IF part IS NULL OR part[1]::integer > 24 OR part[2]::integer > 59 OR part[3]::integer > 59
       OR part[6]::integer > 14 OR part[7]::integer > 59 THEN
        RETURN;
    END IF;
    milliseconds := part[1]::integer * 3600000 + part[2]::integer * 60000
        + pg_catalog.trunc(coalesce(part[3] || coalesce(part[4], ''), '0')::numeric * 1000 + 0.5);
    zone := CASE WHEN part[5] IS NOT NULL
        THEN (part[6]::integer * 60 + part[7]::integer) * CASE part[5] WHEN '-' THEN -1 ELSE 1 END ELSE 0 END;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.moment(
    value text, modifiers text[], now timestamptz, OUT jd bigint, OUT subsecond boolean
)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
-- A time value with its modifiers; jd is NULL where SQLite gives NULL.  Without `now` the word now is an error.
AS $$
DECLARE
    part text[];
    timed record;
    raw double precision;
    is_raw boolean := false;
    over_floor integer := 0;
    modifier text;
    position integer := 0;
    cal record;
    years integer;
    months integer;
    amount double precision;
    unit text;
    most double precision;
    weekday integer;
    as_written boolean := false;
    written integer[];
BEGIN
    subsecond := false;
    IF value IS NULL THEN
        RETURN;
    END IF;
    part := pg_catalog.regexp_match(value, '^(-?)(\d{4})-(\d\d)-(\d\d)(?:[\sT]*)(.*)$');
    IF part IS NOT NULL AND part[3]::integer BETWEEN 1 AND 12 AND part[4]::integer BETWEEN 1 AND 31 THEN
        SELECT * INTO timed FROM pgraduate_compat.time_part(part[5]);
        IF timed.milliseconds IS NULL AND part[5] <> '' THEN
            RETURN;
        END IF;
        years := part[2]::integer * CASE part[1] WHEN '-' THEN -1 ELSE 1 END;
        months := part[3]::integer;
        over_floor := pgraduate_compat.days_over(years, months, part[4]::integer);
        jd := pgraduate_compat.julian(years, months, part[4]::integer, coalesce(timed.milliseconds, 0))
            - coalesce(timed.zone, 0) * 60000;
        -- A day beyond its month and the hour 24 stay as they are written until a modifier changes the moment.
        as_written := coalesce(timed.zone, 0) = 0;
        written := ARRAY[years, months, part[4]::integer, coalesce(timed.milliseconds, 0)::integer];
    ELSIF value ~ '^\d\d:\d\d' THEN
        SELECT * INTO timed FROM pgraduate_compat.time_part(value);
        jd := pgraduate_compat.julian(2000, 1, 1, timed.milliseconds) - timed.zone * 60000;
        as_written := timed.zone = 0;
        written := ARRAY[2000, 1, 1, timed.milliseconds::integer];
    ELSIF pg_catalog.lower(value) IN ('now', 'subsec', 'subsecond') THEN
        IF now IS NULL THEN
            RAISE EXCEPTION 'non-deterministic use of a date function' USING ERRCODE = 'invalid_parameter_value';
        END IF;
        subsecond := pg_catalog.lower(value) <> 'now';
        jd := pg_catalog.floor(extract(epoch FROM now) * 1000)::bigint + 210866760000000;
    ELSIF pgraduate_compat.is_number(value) THEN
        raw := pgraduate_compat.to_real(value);
        is_raw := true;
        IF raw >= 0 AND raw < 5373484.5 THEN
            jd := pg_catalog.trunc(raw * 86400000.0 + 0.5);
        END IF;
    ELSE
        RETURN;
    END IF;

    FOREACH modifier IN ARRAY modifiers LOOP
        position := position + 1;
        modifier := pg_catalog.lower(modifier);
        IF modifier IS NULL OR (jd IS NULL AND NOT is_raw) THEN
            jd := NULL;
            RETURN;
        END IF;
        IF modifier IN ('unixepoch', 'auto', 'julianday') AND position = 1 THEN
            IF modifier = 'unixepoch' AND NOT is_raw OR modifier = 'julianday' AND NOT (is_raw AND jd IS NOT NULL) THEN
                jd := NULL;
                RETURN;
            ELSIF modifier = 'unixepoch' OR modifier = 'auto' AND is_raw AND jd IS NULL THEN
                IF raw * 1000 + 210866760000000 < 0 OR raw * 1000 + 210866760000000 >= 464269060800000 THEN
                    jd := NULL;
                    RETURN;
                END IF;
                jd := pg_catalog.trunc(raw * 1000.0 + 210866760000000.0 + 0.5);
            END IF;
            is_raw := false;
            CONTINUE;
        END IF;
        is_raw := false;
        IF modifier IN ('subsec', 'subsecond') THEN
            subsecond := true;
            CONTINUE;
        END IF;
        IF jd IS NULL THEN
            RETURN;
        END IF;
        SELECT * INTO cal FROM pgraduate_compat.calendar(jd);
        IF as_written THEN
            cal.year := written[1];
            cal.month := written[2];
            cal.day := written[3];
            cal.milliseconds := written[4];
        END IF;
        as_written := modifier IN ('start of day', 'start of month', 'start of year') AND as_written;
        IF modifier IN ('localtime', 'utc') THEN
            over_floor := 0;
            CONTINUE;
        ELSIF modifier = 'floor' THEN
            jd := jd - over_floor * 86400000::bigint;
        ELSIF modifier = 'ceiling' THEN
            CONTINUE;
        ELSIF modifier ~ '^weekday [0-6](\.0*)?$' THEN
            weekday := pg_catalog.substr(modifier, 9, 1)::integer;
            jd := jd + ((weekday - ((jd + 129600000) / 86400000) % 7 + 7) % 7) * 86400000;
        ELSIF modifier IN ('start of day', 'start of month', 'start of year') THEN
            written := ARRAY[
                cal.year,
                CASE WHEN modifier = 'start of year' THEN 1 ELSE cal.month END,
                CASE WHEN modifier = 'start of day' THEN cal.day ELSE 1 END,
                0];
            jd := pgraduate_compat.julian(written[1], written[2], written[3], 0);
        ELSIF modifier ~ '^[+-]\d{4}-\d\d-\d\d(\s.*)?$' THEN
            part := pg_catalog.regexp_match(modifier, '^([+-])(\d{4})-(\d\d)-(\d\d)(?:\s+(.*))?$');
            IF part[3]::integer > 11 OR part[4]::integer > 30 THEN
                jd := NULL;
                RETURN;
            END IF;
            years := CASE part[1] WHEN '-' THEN -1 ELSE 1 END;
            months := cal.year * 12 + cal.month - 1 + years * (part[2]::integer * 12 + part[3]::integer);
            over_floor := pgraduate_compat.days_over(months / 12, months % 12 + 1, cal.day);
            jd := pgraduate_compat.julian(months / 12, months % 12 + 1, cal.day, cal.milliseconds)
                + years * part[4]::integer * 86400000::bigint;
            IF part[5] IS NOT NULL THEN
                SELECT * INTO timed FROM pgraduate_compat.time_part(part[5]);
                jd := jd + years * timed.milliseconds::bigint;
            END IF;
        ELSIF modifier ~ '^[+-]?\d\d:\d\d' THEN
            SELECT * INTO timed FROM pgraduate_compat.time_part(pg_catalog.ltrim(modifier, '+-'));
            jd := jd + CASE WHEN modifier LIKE '-%' THEN -1 ELSE 1 END * timed.milliseconds::bigint;
        ELSE
            part := pg_catalog.regexp_match(
                modifier, '^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(second|minute|hour|day|month|year)s?$');
            IF part IS NULL THEN
                jd := NULL;
                RETURN;
            END IF;
            amount := pgraduate_compat.to_real(part[1]);
            unit := part[2];
            most := CASE unit WHEN 'year' THEN 14713 WHEN 'month' THEN 176546 WHEN 'day' THEN 5373485
                WHEN 'hour' THEN 1.2897e+8 WHEN 'minute' THEN 7.7379e+9 ELSE 4.6427e+11 END;
            IF pg_catalog.abs(amount) >= most THEN
                jd := NULL;
                RETURN;
            END IF;
            over_floor := 0;
            IF unit IN ('month', 'year') THEN
                months := cal.year * 12 + cal.month - 1
                    + pg_catalog.trunc(amount)::integer * CASE unit WHEN 'year' THEN 12 ELSE 1 END;
                years := pg_catalog.floor(months / 12.0);
                months := months - years * 12 + 1;
                over_floor := pgraduate_compat.days_over(years, months, cal.day);
                jd := pgraduate_compat.julian(years, months, cal.day, cal.milliseconds);
                amount := amount - pg_catalog.trunc(amount);
            END IF;
            jd := jd + pg_catalog.trunc(
                amount * 1000.0 * CASE unit WHEN 'second' THEN 1 WHEN 'minute' THEN 60 WHEN 'hour' THEN 3600
                    WHEN 'day' THEN 86400 WHEN 'month' THEN 2592000 ELSE 31536000 END
                + CASE WHEN amount < 0 THEN -0.5 ELSE 0.5 END)::bigint;
        END IF;
    END LOOP;
    IF jd NOT BETWEEN 0 AND 464269060799999 THEN
        jd := NULL;
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.days_over(year integer, month integer, day integer) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- How many days a day number lies beyond the end of its month; month is 1 to 12.
AS $$
SELECT greatest(0, day - CASE
    WHEN month IN (1, 3, 5, 7, 8, 10, 12) THEN 31
    WHEN month <> 2 THEN 30
    WHEN year % 4 = 0 AND (year % 100 <> 0 OR year % 400 = 0) THEN 29
    ELSE 28
END)
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.written(form text, jd bigint, subsecond boolean) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
-- A moment by strftime's substitutions; an unknown one gives NULL.
AS $$
DECLARE
    cal record;
    result text := '';
    place integer := 1;
    sign text;
    hours integer;
    day_of_year integer;
    monday integer;
    thursday record;
    piece text;
BEGIN
    SELECT * INTO cal FROM pgraduate_compat.calendar(jd);
    hours := cal.milliseconds / 3600000;
    day_of_year := (jd - cal.milliseconds - pgraduate_compat.julian(cal.year, 1, 1, 0) + 43200000) / 86400000;
    monday := ((jd + 43200000) / 86400000) % 7;
    WHILE place <= pg_catalog.length(form) LOOP
        sign := pg_catalog.substr(form, place, 1);
        IF sign <> '%' THEN
            result := result || sign;
            place := place + 1;
            CONTINUE;
        END IF;
        sign := pg_catalog.substr(form, place + 1, 1);
        SELECT * INTO thursday FROM pgraduate_compat.calendar(jd + (3 - monday) * 86400000::bigint);
        piece := CASE sign
            WHEN 'Y' THEN CASE WHEN cal.year < 0 THEN '-' ELSE '' END
                || pg_catalog.lpad(pg_catalog.abs(cal.year)::text, 4, '0')
            WHEN 'm' THEN pg_catalog.lpad(cal.month::text, 2, '0')
            WHEN 'd' THEN pg_catalog.lpad(cal.day::text, 2, '0')
            WHEN 'e' THEN pg_catalog.lpad(cal.day::text, 2, ' ')
            WHEN 'H' THEN pg_catalog.lpad(hours::text, 2, '0')
            WHEN 'k' THEN pg_catalog.lpad(hours::text, 2, ' ')
            WHEN 'I' THEN pg_catalog.lpad(((hours + 11) % 12 + 1)::text, 2, '0')
            WHEN 'l' THEN pg_catalog.lpad(((hours + 11) % 12 + 1)::text, 2, ' ')
            WHEN 'M' THEN pg_catalog.lpad((cal.milliseconds / 60000 % 60)::text, 2, '0')
            WHEN 'S' THEN pg_catalog.lpad((cal.milliseconds / 1000 % 60)::text, 2, '0')
            WHEN 'f' THEN pg_catalog.lpad((cal.milliseconds / 1000 % 60)::text, 2, '0')
                || '.' || pg_catalog.lpad((cal.milliseconds % 1000)::text, 3, '0')
            WHEN 'p' THEN CASE WHEN hours >= 12 THEN 'PM' ELSE 'AM' END
            WHEN 'P' THEN CASE WHEN hours >= 12 THEN 'pm' ELSE 'am' END
            WHEN 'j' THEN pg_catalog.lpad((day_of_year + 1)::text, 3, '0')
            WHEN 's' THEN CASE WHEN subsecond
                THEN pg_catalog.round((jd - 210866760000000) / 1000.0, 3)::text
                ELSE (jd / 1000 - 210866760000)::text END
            WHEN 'w' THEN ((monday + 1) % 7)::text
            WHEN 'u' THEN (monday + 1)::text
            WHEN 'W' THEN pg_catalog.lpad(((day_of_year + 7 - monday) / 7)::text, 2, '0')
            WHEN 'U' THEN pg_catalog.lpad(((day_of_year + 7 - (monday + 1) % 7) / 7)::text, 2, '0')
            WHEN 'V' THEN pg_catalog.lpad(((jd + (3 - monday) * 86400000::bigint - thursday.milliseconds + 43200000
                - pgraduate_compat.julian(thursday.year, 1, 1, 0)) / 604800000 + 1)::text, 2, '0')
            WHEN 'G' THEN pg_catalog.lpad(thursday.year::text, 4, '0')
            WHEN 'g' THEN pg_catalog.lpad((thursday.year % 100)::text, 2, '0')
            WHEN 'J' THEN pgraduate_compat.shortest(jd / 86400000.0::double precision)
            WHEN 'F' THEN pgraduate_compat.written('%Y-%m-%d', jd, false)
            WHEN 'T' THEN pgraduate_compat.written('%H:%M:%S', jd, false)
            WHEN 'R' THEN pgraduate_compat.written('%H:%M', jd, false)
            WHEN '%' THEN '%'
        END;
        IF piece IS NULL THEN
            RETURN NULL;
        END IF;
        result := result || piece;
        place := place + 2;
    END LOOP;
    RETURN result;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.shortest(value double precision) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- A Julian day number with 16 significant digits, without zeros at the end.
AS $$
SELECT pg_catalog.trim_scale(pg_catalog.to_char(value, '9.999999999999999EEEE')::numeric)::text
$$;

-- The functions of SQLite.  By their own names they know the word now; as fixed_ they are immutable.

CREATE OR REPLACE FUNCTION pgraduate_compat.date(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
SELECT pgraduate_compat.written('%Y-%m-%d', m.jd, m.subsecond)
FROM pgraduate_compat.moment(value, modifiers, pg_catalog.statement_timestamp()) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.fixed_date(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT pgraduate_compat.written('%Y-%m-%d', m.jd, m.subsecond)
FROM pgraduate_compat.moment(value, modifiers, NULL) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.time(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
SELECT pgraduate_compat.written(CASE WHEN m.subsecond THEN '%H:%M:%f' ELSE '%H:%M:%S' END, m.jd, m.subsecond)
FROM pgraduate_compat.moment(value, modifiers, pg_catalog.statement_timestamp()) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.fixed_time(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT pgraduate_compat.written(CASE WHEN m.subsecond THEN '%H:%M:%f' ELSE '%H:%M:%S' END, m.jd, m.subsecond)
FROM pgraduate_compat.moment(value, modifiers, NULL) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.datetime(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
SELECT pgraduate_compat.written(
    CASE WHEN m.subsecond THEN '%Y-%m-%d %H:%M:%f' ELSE '%Y-%m-%d %H:%M:%S' END, m.jd, m.subsecond)
FROM pgraduate_compat.moment(value, modifiers, pg_catalog.statement_timestamp()) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.fixed_datetime(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT pgraduate_compat.written(
    CASE WHEN m.subsecond THEN '%Y-%m-%d %H:%M:%f' ELSE '%Y-%m-%d %H:%M:%S' END, m.jd, m.subsecond)
FROM pgraduate_compat.moment(value, modifiers, NULL) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.strftime(form text, value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
SELECT pgraduate_compat.written(form, m.jd, m.subsecond)
FROM pgraduate_compat.moment(value, modifiers, pg_catalog.statement_timestamp()) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.fixed_strftime(form text, value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT pgraduate_compat.written(form, m.jd, m.subsecond)
FROM pgraduate_compat.moment(value, modifiers, NULL) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.julianday(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS double precision
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
SELECT m.jd / 86400000.0::double precision
FROM pgraduate_compat.moment(value, modifiers, pg_catalog.statement_timestamp()) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.fixed_julianday(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT m.jd / 86400000.0::double precision
FROM pgraduate_compat.moment(value, modifiers, NULL) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.unixepoch(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
SELECT m.jd / 1000 - 210866760000
FROM pgraduate_compat.moment(value, modifiers, pg_catalog.statement_timestamp()) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.fixed_unixepoch(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT m.jd / 1000 - 210866760000
FROM pgraduate_compat.moment(value, modifiers, NULL) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.unixepoch_subsec(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS double precision
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
SELECT (m.jd - 210866760000000) / 1000.0::double precision
FROM pgraduate_compat.moment(value, modifiers, pg_catalog.statement_timestamp()) AS m
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.fixed_unixepoch_subsec(value text, VARIADIC modifiers text[] DEFAULT '{}') RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT (m.jd - 210866760000000) / 1000.0::double precision
FROM pgraduate_compat.moment(value, modifiers, NULL) AS m
$$;
-- printf() and format(): the arguments come as SQLite's texts of them.

CREATE OR REPLACE FUNCTION pgraduate_compat.printf(form text, VARIADIC arguments text[] DEFAULT '{}') RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    rest text := form;
    result text := '';
    part text[];
    used integer := 0;
    flags text;
    width integer;
    digits integer;
    argument text;
    piece text;
    sign text;
BEGIN
    IF form IS NULL THEN
        RETURN NULL;
    END IF;
    LOOP
        part := pg_catalog.regexp_match(rest, '^([^%]*)(?:%([-+ 0,]*)(\*|\d+)?(?:\.(\*|\d+))?(?:ll|l|h)?([a-zA-Z%])(.*))?$');
        IF part IS NULL THEN
            RAISE EXCEPTION 'a conversion of printf() that is not supported: %', rest
                USING ERRCODE = 'feature_not_supported';
        END IF;
        result := result || part[1];
        EXIT WHEN part[5] IS NULL;
        rest := part[6];
        flags := part[2];
        width := NULL;
        digits := NULL;
        IF part[3] = '*' THEN
            used := used + 1;
            width := pgraduate_compat.to_integer(coalesce(arguments[used], '0'));
            IF width < 0 THEN
                flags := flags || '-';
                width := -width;
            END IF;
        ELSE
            width := part[3]::integer;
        END IF;
        IF part[4] = '*' THEN
            used := used + 1;
            digits := pg_catalog.abs(pgraduate_compat.to_integer(coalesce(arguments[used], '0')));
        ELSE
            digits := part[4]::integer;
        END IF;
        IF part[5] = '%' THEN
            result := result || '%';
            CONTINUE;
        END IF;
        used := used + 1;
        argument := arguments[used];
        sign := '';
        CASE part[5]
            WHEN 'd', 'i', 'u' THEN
                piece := pgraduate_compat.to_integer(coalesce(argument, '0'))::text;
                IF part[5] = 'u' AND piece LIKE '-%' THEN
                    piece := (piece::numeric + 18446744073709551616)::text;
                END IF;
                sign := pgraduate_compat.printf_sign(piece, flags);
                piece := pg_catalog.ltrim(piece, '-');
                piece := pg_catalog.lpad(piece, greatest(coalesce(digits, 0), pg_catalog.length(piece)), '0');
                IF flags LIKE '%,%' THEN
                    piece := pg_catalog.regexp_replace(piece, '(\d)(?=(\d{3})+$)', '\1,', 'g');
                END IF;
            WHEN 'f', 'e', 'E', 'g', 'G' THEN
                piece := pgraduate_compat.printf_real(
                    pgraduate_compat.to_real(coalesce(argument, '0')), part[5], coalesce(digits, 6));
                sign := pgraduate_compat.printf_sign(piece, flags);
                piece := pg_catalog.ltrim(piece, '-');
                IF flags LIKE '%,%' THEN
                    piece := pg_catalog.regexp_replace(pg_catalog.split_part(piece, '.', 1), '(\d)(?=(\d{3})+$)', '\1,', 'g')
                        || pg_catalog.substr(piece, pg_catalog.length(pg_catalog.split_part(piece, '.', 1)) + 1);
                END IF;
            WHEN 's', 'z' THEN
                piece := pg_catalog.left(coalesce(argument, ''), coalesce(digits, 2147483647));
            WHEN 'c' THEN
                piece := pg_catalog.left(coalesce(argument, ''), 1);
            WHEN 'x', 'X', 'o' THEN
                piece := pgraduate_compat.printf_base(pgraduate_compat.to_integer(coalesce(argument, '0')), part[5]);
                piece := pg_catalog.lpad(piece, greatest(coalesce(digits, 0), pg_catalog.length(piece)), '0');
            WHEN 'q' THEN
                piece := pg_catalog.replace(coalesce(argument, '(NULL)'), '''', '''''');
            WHEN 'Q' THEN
                piece := coalesce(pgraduate_compat.quote(argument), 'NULL');
            WHEN 'w' THEN
                piece := pg_catalog.replace(coalesce(argument, '(NULL)'), '"', '""');
            ELSE
                RAISE EXCEPTION 'the conversion % of printf() is not supported', part[5]
                    USING ERRCODE = 'feature_not_supported';
        END CASE;
        IF flags LIKE '%-%' THEN
            piece := pg_catalog.rpad(sign || piece, greatest(coalesce(width, 0), pg_catalog.length(sign || piece)));
        ELSIF flags LIKE '%0%' AND part[5] IN ('d', 'i', 'u', 'f', 'e', 'E', 'g', 'G', 'x', 'X', 'o') THEN
            piece := sign || pg_catalog.lpad(
                piece, greatest(coalesce(width, 0) - pg_catalog.length(sign), pg_catalog.length(piece)), '0');
        ELSE
            piece := pg_catalog.lpad(sign || piece, greatest(coalesce(width, 0), pg_catalog.length(sign || piece)));
        END IF;
        result := result || piece;
    END LOOP;
    RETURN result;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.printf_sign(piece text, flags text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE WHEN piece LIKE '-%' THEN '-' WHEN flags LIKE '%+%' THEN '+' WHEN flags LIKE '% %' THEN ' ' ELSE '' END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.printf_base(value bigint, conversion text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE conversion
    WHEN 'x' THEN pg_catalog.to_hex(value)
    WHEN 'X' THEN pg_catalog.upper(pg_catalog.to_hex(value))
    ELSE coalesce(nullif(pg_catalog.ltrim((
        SELECT pg_catalog.string_agg(((value >> (3 * digit)) & CASE digit WHEN 21 THEN 1 ELSE 7 END)::text, '' ORDER BY digit DESC)
        FROM pg_catalog.generate_series(0, 21) AS digit), '0'), ''), '0')
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.printf_real(value double precision, conversion text, digits integer)
RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    exact numeric;
    power integer;
    shown text;
BEGIN
    IF value IN ('Infinity', '-Infinity') THEN
        RETURN CASE WHEN value < 0 THEN '-Inf' ELSE 'Inf' END;
    END IF;
    exact := pg_catalog.to_char(value, '9.999999999999999EEEE')::numeric;
    IF conversion = 'f' THEN
        RETURN pg_catalog.round(exact, digits)::text;
    END IF;
    IF conversion IN ('g', 'G') THEN
        digits := greatest(digits, 1) - 1;
    END IF;
    shown := pg_catalog.ltrim(pg_catalog.to_char(
        exact, CASE WHEN digits = 0 THEN '9EEEE' ELSE '9.' || pg_catalog.repeat('9', digits) || 'EEEE' END));
    IF conversion IN ('g', 'G') THEN
        power := pg_catalog.split_part(shown, 'e', 2)::integer;
        IF power BETWEEN -4 AND digits THEN
            shown := pg_catalog.round(exact, digits - power)::text;
            RETURN CASE WHEN shown LIKE '%.%' THEN pg_catalog.rtrim(pg_catalog.rtrim(shown, '0'), '.') ELSE shown END;
        END IF;
        shown := pg_catalog.regexp_replace(shown, '\.?0*e', 'e');
    END IF;
    RETURN CASE WHEN conversion IN ('E', 'G') THEN pg_catalog.upper(shown) ELSE shown END;
END
$$;
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
-- Full-text search.  An index keeps itself current, and no text is too long for it.

CREATE OR REPLACE FUNCTION pgraduate_compat.search_vector(VARIADIC texts text[]) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
-- The words of some texts, in lower case, by the configuration simple.  A tsvector holds 1,048,575 bytes, and
-- to_tsvector raises an error beyond them, which would fail the write of a row.  So a text is read in pieces, each
-- small enough for a tsvector of its own (no word costs more than eight times its bytes), and a piece is added only
-- while the sum of the sizes, which is never less than the size of the sum, stays below the limit.  Words behind
-- that are not found.  There is no exception block, for parallel workers cannot run one before PostgreSQL 17.
AS $$
DECLARE
    most CONSTANT integer := 1048575;
    piece_bytes CONSTANT integer := 65536;
    found tsvector := '';
    words tsvector;
    one text;
    bytes bytea;
    piece text;
    rest integer;
    place integer;
    until integer;
BEGIN
    FOREACH one IN ARRAY coalesce(texts, '{}') LOOP
        CONTINUE WHEN one IS NULL;
        bytes := pg_catalog.convert_to(one, 'UTF8');
        place := 1;
        WHILE place <= pg_catalog.length(bytes) LOOP
            until := least(place + piece_bytes, pg_catalog.length(bytes) + 1);
            -- A character may not be cut: its bytes behind the first are 10xxxxxx.
            WHILE until <= pg_catalog.length(bytes) AND pg_catalog.get_byte(bytes, until - 1) & 192 = 128 LOOP
                until := until - 1;
            END LOOP;
            piece := pg_catalog.convert_from(pg_catalog.substr(bytes, place, until - place), 'UTF8');
            IF until <= pg_catalog.length(bytes) THEN
                -- Nor a word, where there is a space to cut at.
                rest := pg_catalog.strpos(pg_catalog.reverse(pg_catalog.translate(piece, E'\t\n\r', '   ')), ' ');
                IF rest > 1 THEN
                    piece := pg_catalog.left(piece, 1 - rest);
                END IF;
            END IF;
            place := place + pg_catalog.octet_length(pg_catalog.convert_to(piece, 'UTF8'));
            words := pg_catalog.to_tsvector('pg_catalog.simple'::pg_catalog.regconfig, piece);
            IF pg_catalog.pg_column_size(found) + pg_catalog.pg_column_size(words) > most THEN
                RETURN found;
            END IF;
            found := found || words;
        END LOOP;
    END LOOP;
    RETURN found;
END
$$;
