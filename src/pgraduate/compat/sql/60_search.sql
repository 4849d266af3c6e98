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

CREATE OR REPLACE FUNCTION pgraduate_compat.search_query(words text) RETURNS tsquery
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT
-- What stands behind MATCH in SQLite, as a query of the words that search_vector finds: words, "phrases", prefix*,
-- AND, OR, NOT, parentheses and words side by side, which must all be there and bind before every operator.  Column
-- filters, NEAR, ^ and + are refused by name, for a query that ignored them would find other rows.
AS $$
DECLARE
    token text;
    tokens text[] := ARRAY(
        SELECT (pg_catalog.regexp_matches(words, '"(?:[^"]|"")*"\*?|\(|\)|[^\s()"]+', 'g'))[1]
    );
    query text := '';
    one text;
    open_runs boolean[] := ARRAY[false];
    expects boolean := true;
    prefix boolean;
BEGIN
    FOREACH token IN ARRAY tokens LOOP
        IF token IN ('AND', 'OR', 'NOT') THEN
            IF expects THEN
                RAISE EXCEPTION 'search: % stands where a word is expected', token USING ERRCODE = '42601';
            END IF;
            IF open_runs[array_upper(open_runs, 1)] THEN
                query := query || ')';
                open_runs[array_upper(open_runs, 1)] := false;
            END IF;
            query := query || CASE token WHEN 'AND' THEN ' & ' WHEN 'OR' THEN ' | ' ELSE ' & !' END;
            expects := true;
            CONTINUE;
        END IF;
        IF token = ')' THEN
            IF expects OR array_length(open_runs, 1) < 2 THEN
                RAISE EXCEPTION 'search: a parenthesis closes nothing' USING ERRCODE = '42601';
            END IF;
            query := query || CASE WHEN open_runs[array_upper(open_runs, 1)] THEN '))' ELSE ')' END;
            open_runs := open_runs[1 : array_upper(open_runs, 1) - 1];
            CONTINUE;
        END IF;
        -- Words side by side make a run of their own, which no operator takes apart.
        IF NOT expects THEN
            query := query || ' & ';
        ELSIF NOT open_runs[array_upper(open_runs, 1)] THEN
            query := query || '(';
            open_runs[array_upper(open_runs, 1)] := true;
        END IF;
        IF token = '(' THEN
            query := query || '(';
            open_runs := open_runs || false;
            expects := true;
            CONTINUE;
        END IF;
        IF token ~ '^NEAR$' OR (left(token, 1) <> '"' AND token ~ '[:^+{}]') THEN
            RAISE EXCEPTION 'search: % is not supported', token
                USING ERRCODE = '0A000', HINT = 'words, "phrases", prefix*, AND, OR, NOT and parentheses are';
        END IF;
        prefix := right(token, 1) = '*';
        one := CASE WHEN left(token, 1) = '"'
            THEN replace(substr(rtrim(token, '*'), 2, length(rtrim(token, '*')) - 2), '""', '"')
            ELSE rtrim(token, '*') END;
        one := pg_catalog.phraseto_tsquery('pg_catalog.simple'::pg_catalog.regconfig, one)::text;
        IF one = '' THEN
            RAISE EXCEPTION 'search: % has no word', token USING ERRCODE = '42601';
        END IF;
        query := query || '(' || one || CASE WHEN prefix THEN ':*' ELSE '' END || ')';
        expects := false;
    END LOOP;
    IF expects OR array_length(open_runs, 1) <> 1 THEN
        RAISE EXCEPTION 'search: the query is not complete' USING ERRCODE = '42601';
    END IF;
    RETURN (query || CASE WHEN open_runs[1] THEN ')' ELSE '' END)::tsquery;
END
$$;
