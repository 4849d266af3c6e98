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
