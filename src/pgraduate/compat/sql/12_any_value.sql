-- A value of any storage class.  PostgreSQL compares the members in their order, and that is SQLite's order and equality:
-- numbers before texts before blobs, 1 equal to 1.0, texts by their bytes.  kind is 1 for a number, whose scale is 0
-- exactly for an INTEGER, 2 for a text, 3 for a blob.  A member that is not used is 0 or empty, never NULL, so that
-- IS NULL and IS NOT NULL mean the value.

DO $$
BEGIN
    CREATE TYPE pgraduate_compat.any_value AS (kind smallint, number numeric, text text COLLATE "C", bytes bytea);
EXCEPTION WHEN duplicate_object THEN
    NULL;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_value(value numeric) RETURNS pgraduate_compat.any_value
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT CASE WHEN value IS NOT NULL THEN ROW(1, value, '', '\x')::pgraduate_compat.any_value END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_value(value bigint) RETURNS pgraduate_compat.any_value
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT CASE WHEN value IS NOT NULL THEN ROW(1, value, '', '\x')::pgraduate_compat.any_value END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_value(value integer) RETURNS pgraduate_compat.any_value
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT CASE WHEN value IS NOT NULL THEN ROW(1, value, '', '\x')::pgraduate_compat.any_value END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_value(value smallint) RETURNS pgraduate_compat.any_value
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT CASE WHEN value IS NOT NULL THEN ROW(1, value, '', '\x')::pgraduate_compat.any_value END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_value(value double precision) RETURNS pgraduate_compat.any_value
LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- SQLite has no NaN: it is NULL.
AS $$
SELECT CASE
    WHEN value <> 'NaN' THEN ROW(1, pgraduate_compat.number_of(value), '', '\x')::pgraduate_compat.any_value
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_value(value text) RETURNS pgraduate_compat.any_value
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT CASE WHEN value IS NOT NULL THEN ROW(2, 0, value, '\x')::pgraduate_compat.any_value END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_value(value bytea) RETURNS pgraduate_compat.any_value
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT CASE WHEN value IS NOT NULL THEN ROW(3, 0, '', value)::pgraduate_compat.any_value END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_value_of(form text, affinity text) RETURNS pgraduate_compat.any_value
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- The value that a column of mixed class holds as its text, a number where the column's affinity would have made one.
AS $$
SELECT CASE
    WHEN form IN ('Infinity', '-Infinity') THEN pgraduate_compat.any_value(form::double precision)
    WHEN affinity = 'TEXT' OR NOT pgraduate_compat.is_number(form) THEN pgraduate_compat.any_value(form)
    WHEN affinity = 'REAL' THEN pgraduate_compat.any_value(pgraduate_compat.to_real(form))
    ELSE pgraduate_compat.any_value(pgraduate_compat.to_number(form))
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_text(value pgraduate_compat.any_value) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- CAST AS TEXT.
AS $$
SELECT CASE value.kind
    WHEN 1 THEN pgraduate_compat.to_text(value.number)
    WHEN 2 THEN value.text
    ELSE pg_catalog.convert_from(value.bytes, 'UTF8')
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_number(value pgraduate_compat.any_value) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- The operand of arithmetic.
AS $$
SELECT CASE value.kind
    WHEN 1 THEN value.number
    WHEN 2 THEN pgraduate_compat.to_number(value.text)
    ELSE pgraduate_compat.to_number(pg_catalog.encode(value.bytes, 'escape'))
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_operand(value pgraduate_compat.any_value) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- What sum() adds: an INTEGER only for an INTEGER and for a text that as a whole is one.
AS $$
SELECT CASE value.kind
    WHEN 1 THEN value.number
    WHEN 2 THEN pgraduate_compat.sum_operand(value.text)
    ELSE pgraduate_compat.as_real(pgraduate_compat.any_number(value))
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_absolute(value pgraduate_compat.any_value) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- abs(): of a text or blob a REAL.
AS $$
SELECT CASE value.kind
    WHEN 1 THEN pg_catalog.abs(value.number)
    ELSE pgraduate_compat.as_real(pg_catalog.abs(pgraduate_compat.any_number(value)))
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_real(value pgraduate_compat.any_value) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT pgraduate_compat.any_number(value)::double precision
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_integer(value pgraduate_compat.any_value) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- CAST AS INTEGER.
AS $$
SELECT CASE value.kind
    WHEN 1 THEN pgraduate_compat.to_integer(value.number)
    WHEN 2 THEN pgraduate_compat.to_integer(value.text)
    ELSE pgraduate_compat.to_integer(pg_catalog.encode(value.bytes, 'escape'))
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_figure(value pgraduate_compat.any_value) RETURNS double precision
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- The argument of a mathematical function: NULL for a blob and for a text that is no number.
AS $$
SELECT CASE value.kind
    WHEN 1 THEN value.number::double precision
    WHEN 2 THEN pgraduate_compat.operand(value.text)
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_numeric(value pgraduate_compat.any_value) RETURNS numeric
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- CAST AS NUMERIC: a number stays what it is, a text that is a whole number is an INTEGER.
AS $$
SELECT CASE value.kind
    WHEN 1 THEN value.number
    ELSE pgraduate_compat.number(pgraduate_compat.any_number(value))
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_blob(value pgraduate_compat.any_value) RETURNS bytea
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- CAST AS BLOB.
AS $$
SELECT CASE value.kind
    WHEN 3 THEN value.bytes
    ELSE pg_catalog.convert_to(pgraduate_compat.any_text(value), 'UTF8')
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_typeof(value pgraduate_compat.any_value) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
SELECT CASE value.kind
    WHEN 1 THEN pgraduate_compat.typeof_number(value.number)
    WHEN 2 THEN 'text'
    WHEN 3 THEN 'blob'
    ELSE 'null'
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_quote(value pgraduate_compat.any_value) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE value.kind
    WHEN 1 THEN pgraduate_compat.quote(value.number)
    WHEN 2 THEN pgraduate_compat.quote(value.text)
    ELSE pgraduate_compat.quote(value.bytes)
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_json(value pgraduate_compat.any_value) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
BEGIN
    IF value.kind = 3 THEN
        RAISE EXCEPTION 'JSON cannot hold BLOB values' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN CASE value.kind
        WHEN 1 THEN pgraduate_compat.to_text(value.number)
        ELSE pgraduate_compat.json_quote(value.text)
    END;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_length(value pgraduate_compat.any_value) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE value.kind
    WHEN 3 THEN pg_catalog.octet_length(value.bytes)
    ELSE pg_catalog.length(pgraduate_compat.any_text(value))
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_substr(value pgraduate_compat.any_value, VARIADIC places bigint[])
RETURNS pgraduate_compat.any_value
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- A part of a blob is a blob, a part of anything else a text.
AS $$
SELECT CASE
    WHEN value.kind = 3 AND pg_catalog.cardinality(places) = 1
    THEN pgraduate_compat.any_value(pgraduate_compat.substr(nullif(value.bytes, '\x'), places[1]))
    WHEN value.kind = 3
    THEN pgraduate_compat.any_value(pgraduate_compat.substr(nullif(value.bytes, '\x'), places[1], places[2]))
    WHEN pg_catalog.cardinality(places) = 1
    THEN pgraduate_compat.any_value(pgraduate_compat.substr(pgraduate_compat.any_text(value), places[1]))
    ELSE pgraduate_compat.any_value(pgraduate_compat.substr(pgraduate_compat.any_text(value), places[1], places[2]))
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_instr(value pgraduate_compat.any_value, part pgraduate_compat.any_value)
RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE
    WHEN value.kind = 3 AND part.kind = 3 THEN pgraduate_compat.instr(value.bytes, part.bytes)
    ELSE pg_catalog.strpos(pgraduate_compat.any_text(value), pgraduate_compat.any_text(part))
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.numeric_affinity(value pgraduate_compat.any_value)
RETURNS pgraduate_compat.any_value
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- A text that looks like a number becomes one, and a REAL that is a whole number of 64 bits an INTEGER.
AS $$
SELECT CASE
    WHEN value.kind = 1 AND pg_catalog.scale(value.number) > 0
    THEN pgraduate_compat.any_value(pgraduate_compat.number(value.number))
    WHEN value.kind = 2 AND pgraduate_compat.is_number(value.text)
    THEN pgraduate_compat.any_value(pgraduate_compat.number(pgraduate_compat.to_number(value.text)))
    ELSE value
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.real_affinity(value pgraduate_compat.any_value)
RETURNS pgraduate_compat.any_value
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE
    WHEN value.kind = 1 OR (value.kind = 2 AND pgraduate_compat.is_number(value.text))
    THEN pgraduate_compat.any_value(pgraduate_compat.any_real(value))
    ELSE value
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.text_affinity(value pgraduate_compat.any_value)
RETURNS pgraduate_compat.any_value
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE value.kind
    WHEN 1 THEN pgraduate_compat.any_value(pgraduate_compat.to_text(value.number))
    ELSE value
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_nocase(value pgraduate_compat.any_value)
RETURNS pgraduate_compat.any_value
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE value.kind
    WHEN 2 THEN pgraduate_compat.any_value(pgraduate_compat.nocase(value.text))
    ELSE value
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_rtrim(value pgraduate_compat.any_value)
RETURNS pgraduate_compat.any_value
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE value.kind
    WHEN 2 THEN pgraduate_compat.any_value(pg_catalog.rtrim(value.text, ' '))
    ELSE value
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.text_of_any(value pgraduate_compat.any_value) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
-- What a column of type text can hold of it: a text, or a number's text; never a blob.
AS $$
BEGIN
    IF value.kind = 3 THEN
        RAISE EXCEPTION 'a blob for a column of text' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN pgraduate_compat.any_text(value);
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.blob_of_any(value pgraduate_compat.any_value) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
-- What a column of type bytea can hold of it.
AS $$
BEGIN
    IF value.kind <> 3 THEN
        RAISE EXCEPTION 'a value that is no blob for a column of bytea' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN value.bytes;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_shown(value pgraduate_compat.any_value) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- The value as a view shows it: a blob as its hexadecimal digits.
AS $$
SELECT CASE value.kind
    WHEN 3 THEN '\x' || pg_catalog.encode(value.bytes, 'hex')
    ELSE pgraduate_compat.any_text(value)
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_smaller(
    a pgraduate_compat.any_value, b pgraduate_compat.any_value) RETURNS pgraduate_compat.any_value
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE WHEN b < a THEN b ELSE a END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.any_larger(
    a pgraduate_compat.any_value, b pgraduate_compat.any_value) RETURNS pgraduate_compat.any_value
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$
SELECT CASE WHEN b > a THEN b ELSE a END
$$;

CREATE OR REPLACE AGGREGATE pgraduate_compat.any_min(pgraduate_compat.any_value) (
    SFUNC = pgraduate_compat.any_smaller,
    STYPE = pgraduate_compat.any_value,
    COMBINEFUNC = pgraduate_compat.any_smaller,
    PARALLEL = SAFE
);

CREATE OR REPLACE AGGREGATE pgraduate_compat.any_max(pgraduate_compat.any_value) (
    SFUNC = pgraduate_compat.any_larger,
    STYPE = pgraduate_compat.any_value,
    COMBINEFUNC = pgraduate_compat.any_larger,
    PARALLEL = SAFE
);

CREATE OR REPLACE FUNCTION pgraduate_compat.any_key(value pgraduate_compat.any_value) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
-- A text that equal values share and no others: what an index over digests of long values compares.
AS $$
SELECT CASE value.kind
    WHEN 1 THEN 'n' || pg_catalog.trim_scale(value.number)::text
    WHEN 2 THEN 't' || value.text
    ELSE 'b' || pg_catalog.encode(value.bytes, 'hex')
END
$$;
