-- Numbers.  A number whose class SQLite decides at run time is a numeric: scale 0 is an INTEGER, any other a REAL.

CREATE OR REPLACE FUNCTION pgraduate_compat.number_of(value double precision) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- A REAL as a number: a whole one up to 2^73 exactly, another by its 15 digits where they read back, else 17; at least one digit
-- stands after the point.
AS $$
SELECT CASE
    WHEN value = 'NaN' THEN NULL
    WHEN pg_catalog.abs(value) < 9223372036854775808 AND value = pg_catalog.trunc(value)
    THEN pg_catalog.round(value::bigint::numeric, 1)
    WHEN pg_catalog.abs(value) < 9444732965739290427392 -- 2^73: from 2^63 on, whole and a multiple of 2048
         AND value = pg_catalog.trunc(value)
    THEN pg_catalog.round((value / 2048)::bigint::numeric * 2048, 1)
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
