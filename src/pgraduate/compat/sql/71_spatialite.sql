-- Geometries of SpatiaLite, which arrive as the bytes that they are: what PostGIS reads of them.
-- The form is that of SpatiaLite's "BLOB-Geometry": 00, byte order, srid, a box of four doubles, 7C, then class and
-- points as in well-known binary, and FE at the end.  Inside a collection each member begins with 69 where well-known
-- binary has its byte order.

CREATE OR REPLACE FUNCTION pgraduate_compat.is_spatialite(geometry bytea) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
-- Whether the marks of SpatiaLite's form stand where they must.
AS $$
    SELECT CASE
        WHEN pg_catalog.length(geometry) < 44 THEN false
        ELSE pg_catalog.get_byte(geometry, 0) = 0
            AND pg_catalog.get_byte(geometry, 1) IN (0, 1)
            AND pg_catalog.get_byte(geometry, 38) = 124
            AND pg_catalog.get_byte(geometry, pg_catalog.length(geometry) - 1) = 254
    END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.spatialite_srs(geometry bytea) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
-- The number of its reference system; NULL for bytes that are no SpatiaLite geometry.
AS $$
    SELECT CASE
        WHEN pgraduate_compat.is_spatialite(geometry)
        THEN pgraduate_compat.number_at(geometry, 2, pg_catalog.get_byte(geometry, 1) = 1)::bit(32)::integer
    END
$$;

CREATE OR REPLACE FUNCTION pgraduate_compat.spatialite_wkb(geometry bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT
-- The well-known binary of a geometry; NULL for bytes that are no SpatiaLite geometry, and for its compressed classes.
AS $$
DECLARE
    wkb bytea;
    little boolean;
    class bigint;
    place bigint := 47;
    point bigint;
BEGIN
    IF NOT pgraduate_compat.is_spatialite(geometry) THEN
        RETURN NULL;
    END IF;
    little := pg_catalog.get_byte(geometry, 1) = 1;
    class := pgraduate_compat.number_at(geometry, 39, little);
    IF class >= 4000 OR class % 1000 NOT BETWEEN 1 AND 7 THEN
        RETURN NULL;
    END IF;
    wkb := pg_catalog.substr(geometry, 2, 1) || pg_catalog.substr(geometry, 40, pg_catalog.length(geometry) - 40);
    IF class % 1000 < 4 THEN
        RETURN wkb;
    END IF;
    FOR member IN 1..least(coalesce(pgraduate_compat.number_at(geometry, 43, little), 0), pg_catalog.length(geometry)) LOOP
        class := pgraduate_compat.number_at(geometry, place + 1, little);
        IF class IS NULL OR class >= 4000 OR pg_catalog.get_byte(geometry, place::integer) <> 105 THEN
            RETURN NULL;
        END IF;
        wkb := pg_catalog.set_byte(wkb, (place - 38)::integer, pg_catalog.get_byte(geometry, 1));
        point := 8 * CASE class / 1000 WHEN 0 THEN 2 WHEN 3 THEN 4 ELSE 3 END;
        CASE class % 1000
            WHEN 1 THEN
                place := place + 5 + point;
            WHEN 2 THEN
                place := place + 9 + point * pgraduate_compat.number_at(geometry, place + 5, little);
            WHEN 3 THEN
                DECLARE
                    rings CONSTANT bigint := coalesce(pgraduate_compat.number_at(geometry, place + 5, little), 0);
                BEGIN
                    place := place + 9;
                    FOR ring IN 1..least(rings, pg_catalog.length(geometry)) LOOP
                        place := place + 4 + point * pgraduate_compat.number_at(geometry, place, little);
                        EXIT WHEN place IS NULL OR place > pg_catalog.length(geometry);
                    END LOOP;
                END;
            ELSE
                RETURN NULL;
        END CASE;
        IF place IS NULL OR place >= pg_catalog.length(geometry) THEN
            RETURN NULL;
        END IF;
    END LOOP;
    RETURN wkb;
END
$$;
