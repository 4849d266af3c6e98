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
        part := pg_catalog.regexp_match(rest, '^([^%]*)(?:%([-+ 0,#]*)(\*|\d+)?(?:\.(\*|\d+))?(?:ll|l|h)?([a-zA-Z%])(.*))?$');
        IF part IS NULL AND rest ~ '^[^%]*%$' THEN
            RETURN result || rest;
        ELSIF part IS NULL THEN
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
                IF flags LIKE '%#%' AND piece ~ '[1-9a-fA-F]' THEN
                    sign := CASE part[5] WHEN 'o' THEN '0' ELSE '0' || part[5] END;
                    -- SQLite fills with zeros to the whole width and then writes the prefix.
                    piece := CASE WHEN flags LIKE '%0%' THEN pg_catalog.lpad(
                        piece, greatest(coalesce(width, 0), pg_catalog.length(piece)), '0') ELSE piece END;
                END IF;
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
