-- SQLite's mathematical functions: NULL where the result is no number, infinite where it is too large.
-- An operand is a double; the dialect makes NULL of a text that is no number and of a blob.

CREATE OR REPLACE FUNCTION pgraduate_compat.operand(value text) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT CASE WHEN pgraduate_compat.is_number(value) THEN pgraduate_compat.to_real(value) END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.exp(value double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
SELECT CASE WHEN value > 709.782712893384 THEN double precision 'Infinity' WHEN value < -745.2 THEN 0.0
    WHEN value < -708.0 THEN 0.0 ELSE pg_catalog.exp(value) END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.ln(value double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
SELECT CASE WHEN value > 0 THEN pg_catalog.ln(value) END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.log(value double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
SELECT CASE WHEN value > 0 THEN pg_catalog.log(value) END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.log(base double precision, value double precision)
RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
SELECT CASE WHEN base > 0 AND base <> 1 AND value > 0 THEN pg_catalog.ln(value) / pg_catalog.ln(base) END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.sqrt(value double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
SELECT CASE WHEN value >= 0 THEN pg_catalog.sqrt(value) END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.power(base double precision, exponent double precision)
RETURNS double precision
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
BEGIN
    IF base = 0 AND exponent < 0 THEN
        RETURN 'Infinity';
    ELSIF base < 0 AND exponent <> pg_catalog.trunc(exponent) THEN
        RETURN NULL;
    END IF;
    RETURN pg_catalog.power(base, exponent);
EXCEPTION
    WHEN numeric_value_out_of_range THEN
        IF pg_catalog.abs(base) > 1 AND exponent < 0 OR pg_catalog.abs(base) < 1 AND exponent > 0 THEN
            RETURN 0;
        END IF;
        RETURN CASE WHEN base < 0 AND exponent::numeric % 2 <> 0 THEN double precision '-Infinity'
            ELSE double precision 'Infinity' END;
END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.remainder(value double precision, divisor double precision)
RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
SELECT CASE WHEN divisor <> 0 THEN (value::numeric % divisor::numeric)::double precision END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.acos(value double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
SELECT CASE WHEN value BETWEEN -1 AND 1 THEN pg_catalog.acos(value) END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.asin(value double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
SELECT CASE WHEN value BETWEEN -1 AND 1 THEN pg_catalog.asin(value) END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.acosh(value double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
SELECT CASE WHEN value >= 1 THEN pg_catalog.acosh(value) END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.atanh(value double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
SELECT CASE WHEN value BETWEEN -1 AND 1 THEN pg_catalog.atanh(value) END
$$;
